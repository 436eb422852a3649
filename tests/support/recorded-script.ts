// A recorder with a clock of its own: a test says what is told and when, and reads the file back.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Stream, streams } from '#common/frame.ts';
import type { EventOf } from '#common/protocol.ts';
import { Recorder, type RecorderOptions, type RecorderState, usualLimits } from '../../main/node/recording/recorder.ts';
import { RecordingReader } from '../../main/node/recording/recording-reader.ts';
import { zstdReady } from '../../main/node/recording/zstd.ts';
import { MemorySink } from './memory-sink.ts';
import {
  devicesEvent,
  helloEvent,
  logPayload,
  moduleEvent,
  ringPayload,
  samplePayload,
  tableEvent,
  tracePayload,
  trafficEvent,
} from './wire-payloads.ts';

/** When the scripts begin, in nanoseconds since 1970. */
export const scriptStartNs = 1_790_000_000_000_000_000n;

/** A folder that goes with the test. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringscope-recording-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A recorder whose time stands still until it is told to pass. */
export class ScriptedRecorder {
  readonly sinks = new Map<string, MemorySink>();
  readonly states: RecorderState[] = [];
  readonly recorder: Recorder;
  nowNs = scriptStartNs;

  private constructor(options: Partial<RecorderOptions>, prepare: (sink: MemorySink) => void) {
    this.recorder = new Recorder({
      name: 'script',
      openSink: async (name) => {
        const sink = new MemorySink();
        prepare(sink);
        this.sinks.set(name, sink);
        return sink;
      },
      kept: () => [],
      fromStart: false,
      limits: usualLimits,
      applicationVersion: '9.9.9',
      target: () => null,
      onState: (state) => void this.states.push(state),
      now: () => this.nowNs,
      ...options,
    });
  }

  static async start(
    options: Partial<RecorderOptions> = {},
    prepare: (sink: MemorySink) => void = () => undefined,
  ): Promise<ScriptedRecorder> {
    await zstdReady();
    return new ScriptedRecorder(options, prepare);
  }

  bulk(stream: Stream, payload: Uint8Array): void {
    this.recorder.bulk({ stream, payload });
  }

  /** A second passes, and its chunks are on the disk. */
  async second(): Promise<void> {
    this.nowNs += 1_000_000_000n;
    this.recorder.flush();
    await this.written();
  }

  /** Waits until nothing is under way to the disk. */
  async written(): Promise<void> {
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  /** The bytes of a part. */
  bytes(part = 1): Buffer {
    const sink = this.sinks.get(`script-${String(part).padStart(3, '0')}.mcap`);
    if (!sink) throw new Error(`There is no part ${part}.`);
    return sink.bytes;
  }
}

/** Opens bytes as a recording; it is closed with the test. */
export async function openBytes(bytes: Uint8Array, name = 'a.mcap'): Promise<RecordingReader> {
  const path = join(scratchFolder(), name);
  writeFileSync(path, bytes);
  const opened = await RecordingReader.open(path);
  if (!opened.ok) throw new Error(opened.error);
  onTestFinished(() => opened.value.close());
  return opened.value;
}

/** What an agent tells right after hello. */
export function greet(script: ScriptedRecorder, bootTimeUnixNs = '1780000000000000000', tableId = 1): void {
  const { recorder } = script;
  for (const event of [helloEvent(bootTimeUnixNs), moduleEvent('live'), devicesEvent(), tableEvent(tableId), trafficEvent(true)])
    recorder.event(event as EventOf<'hello'>);
}

/** A session of so many seconds with everything in it: ten samples, two snapshots, some log a second, now and then trace events, a table that changes, a console. */
export async function eventfulSession(script: ScriptedRecorder, seconds: number): Promise<void> {
  let sequence = 1;
  greet(script);
  for (let second = 0; second < seconds; second += 1) {
    if (second === 7) script.recorder.event(tableEvent(2));
    for (let tenth = 0; tenth < 10; tenth += 1) {
      script.nowNs += 100_000_000n;
      const at = BigInt(second * 10 + tenth);
      const tableId = second >= 7 ? 2 : 1;
      script.bulk(streams.sample, samplePayload(at * 100_000_000n + 1n, { tableId, counters: [at, at * 2n, at * 3n, 0n] }));
      if (tenth % 5 === 0) {
        script.bulk(streams.ring, ringPayload('rx', 0, Number(at % 4n)));
        script.bulk(streams.ring, ringPayload('tx', 0, Number((at + 1n) % 4n)));
      }
    }
    const lines = Array.from({ length: 1 + (second % 40) }, () => sequence++);
    script.bulk(streams.log, logPayload(lines));
    const events = [1n, 2n, 3n].map((part) => ({ event: 'poll' as const, timeNs: BigInt(second) * 1_000_000_000n + part }));
    if (second % 5 === 0) script.bulk(streams.trace, tracePayload(events));
    if (second % 3 === 0) script.bulk(streams.console, Buffer.from(`second ${second}\r\n`));
    if (second % 4 === 0) script.recorder.event(trafficEvent(second % 8 === 0));
    script.recorder.flush();
    await script.written();
  }
}
