// A million lines of the kernel log in the window's own store: how fast they come in, how long a filter takes, what they cost in memory.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { test } from 'vitest';
import { LogView } from '../../renderer/panels/log/log-view.ts';
import type { SliceClock } from '../../renderer/panels/log/row-scan.ts';
import { matcherInPlace } from '../../renderer/panels/log/text-matcher.ts';
import { FrameLoop } from '../../renderer/state/frame-loop.ts';
import { KernelLog } from '../../renderer/state/kernel-log.ts';
import { report } from './report.ts';

const lines = 1_000_000;
const linesABatch = 600;

const sayings = [
  'rigb 0000:01:00.0 eth0: link up at 1000 Mb/s full duplex, flow control none',
  'rigb 0000:01:00.0 eth0: transmit queue 0: next_to_use 117, next_to_clean 96, 21 descriptors in flight',
  'systemd[1]: Started systemd-networkd.service - Network Configuration.',
  'audit: type=1400 audit(1764513000.123:42): apparmor="STATUS" operation="profile_load"',
];

/** A batch as an agent sends it. */
function payloadOf(first: number): Uint8Array {
  const keys = Buffer.from('+pci:0000:01:00.0pci');
  const records = Array.from({ length: linesABatch }, (_, index) => {
    const sequence = first + index;
    const text = Buffer.from(`${sayings[sequence % sayings.length]} #${sequence}`);
    const record = new Uint8Array(32 + Math.ceil((text.length + keys.length) / 8) * 8);
    const view = new DataView(record.buffer);
    view.setUint32(0, record.length, true);
    view.setUint8(4, sequence % 8);
    view.setBigUint64(8, BigInt(sequence), true);
    view.setBigUint64(16, BigInt(sequence) * 10n, true);
    view.setUint16(24, text.length, true);
    view.setUint16(26, keys.length - 3, true);
    view.setUint16(28, 3, true);
    record.set(text, 32);
    record.set(keys, 32 + text.length);
    return record;
  });
  const head = new Uint8Array(16);
  new DataView(head.buffer).setUint32(0, records.length, true);
  return Buffer.concat([head, ...records]);
}

/** Runs the slices one after the other and measures each: that is what a frame would wait for. */
class MeasuredSlices implements SliceClock {
  readonly #waiting: (() => void)[] = [];
  readonly sliceMs: number[] = [];
  now(): number {
    return performance.now();
  }
  soon(run: () => void): void {
    this.#waiting.push(run);
  }
  all(): void {
    for (let run = this.#waiting.shift(); run; run = this.#waiting.shift()) {
      const begun = performance.now();
      run();
      this.sliceMs.push(performance.now() - begun);
    }
  }
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const usedBytes = () => {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

test('a million lines of the kernel log', () => {
  const loop = new FrameLoop({ requestFrame: (run) => run(), afterPaint: (run) => run() });
  const before = usedBytes();
  const log = new KernelLog(loop);
  const slices = new MeasuredSlices();
  const view = new LogView(log, matcherInPlace, slices);
  view.subscribe(() => undefined);
  const batchMs: number[] = [];
  for (let sequence = 0; sequence < lines; sequence += linesABatch) {
    const payload = payloadOf(sequence);
    const begun = performance.now();
    log.addPayload(payload);
    slices.all();
    batchMs.push(performance.now() - begun);
  }
  const appendedMs = batchMs.reduce((sum, ms) => sum + ms, 0);
  const filterMs: Record<string, number> = {};
  const timed = (name: string, run: () => void) => {
    slices.sliceMs.length = 0;
    const begun = performance.now();
    run();
    slices.all();
    filterMs[name] = performance.now() - begun;
  };
  timed('level', () => view.filter({ maximumLevel: 3 }));
  const levelSlices = [...slices.sliceMs];
  timed('none', () => view.showAll());
  timed('text', () => view.filter({ search: { text: 'link up', isRegex: false, isCaseSensitive: false } }));
  timed('expression', () => view.filter({ search: { text: 'queue \\d+: next_to_use 1\\d\\d', isRegex: true, isCaseSensitive: true } }));
  view.showAll();
  slices.all();
  const memory = (usedBytes() - before) / 1e6;
  report('kernel log', { lines: log.length, 'text in MB': Math.round(log.textBytes / 1e6) }, [
    { name: 'lines taken a second, in thousands', unit: '1/s', values: [lines / appendedMs] },
    { name: `take ${linesABatch} lines`, unit: 'ms', values: batchMs, limit: 4 },
    { name: 'filter by level', unit: 'ms', values: [filterMs.level ?? 0] },
    { name: 'a slice of it', unit: 'ms', values: levelSlices, limit: 8 },
    { name: 'filter by text (in a worker in the window)', unit: 'ms', values: [filterMs.text ?? 0], limit: 3000 },
    { name: 'filter by expression (likewise)', unit: 'ms', values: [filterMs.expression ?? 0], limit: 3000 },
    { name: 'memory', unit: 'MB', values: [memory], limit: 150 },
  ]);
}, 120_000);
