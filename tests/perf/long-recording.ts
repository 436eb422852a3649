// A long recording, made by telling a really recorded session again and again; times and log numbers go on.
import { join } from 'node:path';
import { type Stream, streams } from '#common/frame.ts';
import type { AgentEvent } from '#common/protocol.ts';
import { playedChannels } from '../../main/node/recording/channels.ts';
import { agentEventOf } from '../../main/node/recording/checkpoint.ts';
import { Recorder } from '../../main/node/recording/recorder.ts';
import { type RecordedMessage, RecordingReader } from '../../main/node/recording/recording-reader.ts';
import { openFileSink } from '../../main/node/recording/recording-sink.ts';

const fixture = join(import.meta.dirname, '..', 'fixtures', 'recording', 'lab.mcap');
const second = 1_000_000_000n;

/** The payload as it would have been later: its kernel times moved on, its log records numbered on. */
export function later({ channel, payload }: RecordedMessage, byNs: bigint, byRecords: bigint): Uint8Array {
  if (channel !== streams.log && channel !== streams.sample && channel !== streams.ring && channel !== streams.vectors) return payload;
  const copy = new Uint8Array(payload);
  const view = new DataView(copy.buffer);
  const add = (at: number, by: bigint) => view.setBigUint64(at, view.getBigUint64(at, true) + by, true);
  if (channel === streams.sample) add(0, byNs);
  else if (channel !== streams.log) for (const at of [32, 40]) add(at, byNs);
  else {
    for (let at = 16; at + 32 <= copy.length; at += view.getUint32(at, true)) {
      add(at + 8, byRecords);
      add(at + 16, byNs / 1000n);
    }
  }
  return copy;
}

/** The messages of the recorded session, in the order in which they came. */
export async function recordedMessages(): Promise<{ told: RecordedMessage[]; startNs: bigint; endNs: bigint }> {
  const opened = await RecordingReader.open(fixture);
  if (!opened.ok) throw new Error(opened.error);
  const source = opened.value;
  const told: RecordedMessage[] = [];
  for (const channel of playedChannels) for await (const message of source.between(channel, -1n, source.endNs)) told.push(message);
  told.sort((a, b) => (a.timeNs < b.timeNs ? -1 : 1));
  const { startNs, endNs } = source;
  await source.close();
  return { told, startNs, endNs };
}

/** Writes a recording of so many seconds into a folder and gives its path. */
export async function makeLongRecording(folder: string, seconds: number): Promise<string> {
  const { told, startNs, endNs } = await recordedMessages();
  const roundNs = endNs - startNs + second / 10n;
  const limitNs = startNs + BigInt(seconds) * second;
  let nowNs = startNs;
  let flushedNs = startNs;
  let written: Promise<void> = Promise.resolve();
  const recorder = new Recorder({
    name: 'long',
    openSink: async (name) => {
      const sink = await openFileSink(join(folder, name));
      const append = (bytes: Uint8Array) => {
        written = sink.append(bytes);
        return written;
      };
      return { append, truncate: (length) => sink.truncate(length), close: () => sink.close() };
    },
    kept: () => [],
    fromStart: true,
    limits: { maximumBytes: Number.MAX_SAFE_INTEGER, maximumSeconds: Number.MAX_SAFE_INTEGER },
    applicationVersion: 'bench',
    target: () => null,
    onState: () => undefined,
    now: () => nowNs,
  });
  for (let round = 0n; nowNs < limitNs; round += 1n) {
    for (const message of told) {
      nowNs = message.timeNs + round * roundNs;
      if (nowNs > limitNs) break;
      const event = message.channel === streams.control ? agentEventOf(message.payload) : null;
      if (event) recorder.event(event as AgentEvent);
      else if (message.channel !== streams.control)
        recorder.bulk({ stream: message.channel as Stream, payload: later(message, round * roundNs, round * 1000n) });
      if (nowNs - flushedNs < second) continue;
      flushedNs = nowNs;
      recorder.flush();
      // The disk keeps up, as it does in the hours that this stands for.
      do await new Promise((resolve) => setImmediate(resolve));
      while (await isUnderWay(() => written));
    }
  }
  await recorder.stop();
  return join(folder, 'long-001.mcap');
}

async function isUnderWay(work: () => Promise<void>): Promise<boolean> {
  const before = work();
  await before;
  return work() !== before;
}
