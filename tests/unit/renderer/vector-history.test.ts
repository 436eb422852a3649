import { beforeEach, expect, test } from 'vitest';
import { framesByQueue } from '../../../main/common/interrupts/frame-readings.ts';
import type { Sample } from '../../../main/common/layouts/sample.ts';
import { FrameLoop } from '../../../renderer/state/frame-loop.ts';
import { QueueFrames } from '../../../renderer/state/queue-frames.ts';
import type { SampleTable } from '../../../renderer/state/sample-history.ts';
import { VectorHistory } from '../../../renderer/state/vector-history.ts';
import { observation } from '../../support/observation.ts';

const loop = new FrameLoop({ requestFrame: (run) => run(), afterPaint: (run) => run() });
const rx = [{ kind: 'rx', id: 0 }] as const;

const table: SampleTable = {
  type: 'table',
  tableId: 1,
  cpus: [0, 2],
  vectors: [
    { irq: '27', name: 'rigb-TxRx-0', chip: 'PCI-MSIX', device: '0000:01:00.0' },
    { irq: '28', name: 'rigb-TxRx-1', chip: 'PCI-MSIX', device: '0000:01:00.0' },
  ],
  softirqs: ['NET_RX'],
  counters: [
    { source: 'netdev', interface: 'eth0', name: 'rx_packets', unit: 'packets' },
    { source: 'ksoftirqd', interface: '', name: 'ksoftirqd/0', unit: 'nanoseconds' },
    { source: 'ksoftirqd', interface: '', name: 'ksoftirqd/2', unit: 'nanoseconds' },
  ],
};

/** Vector 27 gets 100/s on CPU 0 and 10/s on CPU 2; softirqs 50/s on CPU 2; ksoftirqd/2 runs a tenth of the time. */
const sample = (seconds: number, tableId = 1): Sample => {
  const at = Math.round(seconds * 1000);
  return {
    timeNs: BigInt(at) * 1_000_000n,
    tableId,
    cpuCount: 2,
    durationNs: 1,
    vectors: BigUint64Array.from([Math.round(at / 10), Math.round(at / 100), 0, 7].map(BigInt)),
    softirqs: BigUint64Array.from([0, Math.round(at / 20)].map(BigInt)),
    counters: BigUint64Array.from([0n, 0n, BigInt(at) * 100_000n]),
  };
};

let history: VectorHistory;

beforeEach(() => {
  history = new VectorHistory(loop);
  history.setTable(table);
});

const fill = (from: number, to: number) => {
  for (let tenth = from * 10; tenth <= to * 10; tenth += 1) history.add(sample(tenth / 10));
};

test('a vector has a rate on each CPU and on all, now and half a minute ago', () => {
  fill(1, 61);
  for (const age of [0, 300]) {
    expect(history.vectorRate(0, 0, age)).toBeCloseTo(100);
    expect(history.vectorRate(0, 1, age)).toBeCloseTo(10);
    expect(history.vectorRate(0, null, age)).toBeCloseTo(110);
  }
  expect(history.vectorCount(1, 1)).toBe(7);
  expect(history.secondsAt(300)).toBeCloseTo(31);
});

test('a minute is kept and no more', () => {
  fill(1, 90);
  expect(history.length).toBe(600);
  expect(history.secondsAt(599)).toBeCloseTo(30.1);
});

test('softirqs and the thread of each CPU have their own columns', () => {
  fill(1, 10);
  expect(history.softirqRate(0, 1)).toBeCloseTo(50);
  expect(history.softirqRate(0, 0)).toBe(0);
  expect(history.ksoftirqdShare(1)).toBeCloseTo(0.1);
  expect(history.ksoftirqdShare(0)).toBe(0);
});

test('a machine whose agent sees no threads has no share instead of none used', () => {
  history.setTable({ ...table, tableId: 2, counters: table.counters.slice(0, 1) });
  history.add(sample(1, 2));
  history.add(sample(2, 2));
  expect(history.ksoftirqdShare(0)).toBeNull();
});

test('the sample at an instant is the newest that is not later', () => {
  fill(1, 10);
  expect(history.secondsAt(history.ageAt(5.55))).toBeCloseTo(5.5);
  expect(history.ageAt(99)).toBe(0);
  expect(history.secondsAt(history.ageAt(0))).toBeCloseTo(1);
});

test('a rate between two instants needs samples that reach back so far', () => {
  fill(5, 10);
  expect(history.vectorRateBetween(0, 6, 8)).toBeCloseTo(110);
  expect(history.vectorRateBetween(0, 2, 8)).toBeNull();
});

test('a machine with too many CPUs and vectors keeps fewer samples of the same minute, the newest always', () => {
  const cpus = Array.from({ length: 256 }, (_, cpu) => cpu);
  const vectors = Array.from({ length: 512 }, (_, irq) => ({ irq: String(irq), name: 'x', chip: '', device: null }));
  history.setTable({ ...table, tableId: 3, cpus, vectors, softirqs: [], counters: [] });
  const cells = new BigUint64Array(256 * 512);
  const large = (seconds: number): Sample => ({ ...sample(seconds, 3), cpuCount: 256, vectors: cells, softirqs: new BigUint64Array(0) });
  for (let second = 1; second <= 100; second += 1) history.add(large(second));
  expect(history.length).toBeLessThanOrEqual(20);
  expect(history.secondsAt(0)).toBe(100);
  expect(history.secondsAt(history.length - 1)).toBeLessThanOrEqual(50);
});

test('a stretch is told oldest first, with about two points a pixel', () => {
  fill(1, 60);
  const { seconds, values } = history.vectorRates(0, { from: 30, to: 60 }, 50);
  expect(seconds.length).toBeLessThan(110);
  expect(seconds.every((second, at) => at === 0 || second > (seconds[at - 1] ?? 0))).toBe(true);
  expect(values.at(-1)).toBeCloseTo(110);
});

test('frames by queue come from the kernel, else from what the driver calls its own', () => {
  const own = observation({
    ethtoolStatistics: {
      items: [
        { name: 'rx_queue_0_packets', value: 5 },
        { name: 'tx-3.packets', value: 6 },
        { name: 'rx_queue_0_drops', value: 7 },
        { name: 'rx1_packets', value: 8 },
      ],
      reason: null,
    },
  });
  expect([...framesByQueue(own)]).toEqual([
    ['rx 0', 5],
    ['tx 3', 6],
    ['rx 1', 8],
  ]);
  const kernel = observation({ queueStatistics: { items: [{ kind: 'rx', id: 0, values: { 'rx-packets': 9 } }], reason: null } });
  expect(framesByQueue(kernel).get('rx 0')).toBe(9);
});

test('frames a second are those of two readings, and of the ones before a paused instant', () => {
  const frames = new QueueFrames(loop);
  const told = (seconds: number, packets: number) =>
    frames.add(
      observation({
        timeNs: String(seconds * 1e9),
        queueStatistics: { items: [{ kind: 'rx', id: 0, values: { 'rx-packets': packets } }], reason: null },
      }),
    );
  told(1, 100);
  expect(frames.rate('0000:01:00.0', rx)).toBeNull();
  told(2, 300);
  told(2, 999);
  told(3, 300);
  expect(frames.rate('0000:01:00.0', rx)).toEqual({ framesPerSecond: 0, fromSeconds: 2, toSeconds: 3 });
  expect(frames.rate('0000:01:00.0', rx, 2.5)?.framesPerSecond).toBe(200);
  expect(frames.rate('0000:01:00.0', [{ kind: 'tx', id: 0 }])).toBeNull();
  expect(frames.rates('0000:01:00.0', rx, { from: 0, to: 9 })).toEqual({ seconds: [2, 3], values: [200, 0] });
});
