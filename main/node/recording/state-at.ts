// What a session had kept at an instant of its recording, found without reading what lies before: the checkpoint before the instant and what followed it,
// the newest samples, the newest trace events, the newest log.
import { type Stream, streams } from '#common/frame.ts';
import type { EventOf } from '#common/protocol.ts';
import { encodeUtf8 } from '#common/text.ts';
import { sampleCapacity } from '../session/kept.ts';
import { logCapacity } from '../session/kept-log.ts';
import { splitBatch } from '../session/log-records.ts';
import { newestTraces } from '../session/trace-batches.ts';
import { channelIds } from './channels.ts';
import { agentEventOf, Checkpoint } from './checkpoint.ts';
import type { RecordedMessage, RecordingReader } from './recording-reader.ts';

/** A frame that an agent would have sent, before it has its sequence. */
export interface ToldFrame {
  readonly stream: Stream;
  readonly payload: Uint8Array;
}

const checkpointChannels: readonly number[] = [streams.ring, streams.registers, streams.vectors, streams.console];

/** Everything that an agent has to tell so that a session knows what it knew at `untilNs`; in the order of telling. */
export async function stateAt(reader: RecordingReader, untilNs: bigint): Promise<ToldFrame[]> {
  const checkpoint = await checkpointAt(reader, untilNs);
  const clearedNs = checkpoint.clearedNs;
  const [log, samples] = [await logBefore(reader, untilNs, clearedNs), await samplesBefore(reader, untilNs, clearedNs)];
  const traces = await tracesBefore(reader, untilNs, clearedNs);
  const frames = checkpoint.frames().map(({ stream, payload }) => ({ stream, payload }));
  const events = frames.filter(({ stream }) => stream === streams.control);
  const others = frames.filter(({ stream }) => stream !== streams.control);
  return [...events, ...log, ...samples, ...traces, ...others];
}

async function checkpointAt(reader: RecordingReader, untilNs: bigint): Promise<Checkpoint> {
  const newest = await reader.newest(channelIds.state, untilNs);
  const checkpoint = (newest && Checkpoint.decode(newest.payload, newest.timeNs)) ?? new Checkpoint(0n);
  const afterNs = newest?.timeNs ?? -1n;
  // A hello of another boot voids the snapshots before it, so both are taken in the order in which they came.
  const followed: RecordedMessage[] = [];
  for (const channel of [streams.control, ...checkpointChannels])
    for await (const message of reader.between(channel, afterNs, untilNs)) followed.push(message);
  followed.sort((a, b) => (a.timeNs < b.timeNs ? -1 : 1));
  for (const { channel, timeNs, payload } of followed) checkpoint.take({ stream: channel as Stream, sequence: 0, payload }, timeNs);
  return checkpoint;
}

/** The newest log records up to what a session keeps, as batches. A session that gets one twice keeps it once. */
async function logBefore(reader: RecordingReader, untilNs: bigint, clearedNs: bigint): Promise<ToldFrame[]> {
  const batches: ToldFrame[] = [];
  let records = 0;
  const take = ({ payload }: RecordedMessage) => {
    const batch = splitBatch(payload);
    batches.push({ stream: streams.log, payload });
    records += batch.ok ? batch.value.records.length : 0;
  };
  const lastBlock = await reader.newest(channelIds.logBlock, untilNs);
  const blockNs = lastBlock && lastBlock.timeNs > clearedNs ? lastBlock.timeNs : clearedNs - 1n;
  for await (const message of reader.backwards(streams.log, untilNs, blockNs)) take(message);
  for await (const message of reader.backwards(channelIds.logBlock, untilNs, clearedNs)) {
    if (records >= logCapacity) break;
    take(message);
  }
  return batches.reverse();
}

async function tracesBefore(reader: RecordingReader, untilNs: bigint, clearedNs: bigint): Promise<ToldFrame[]> {
  async function* payloads() {
    for await (const { payload } of reader.backwards(streams.trace, untilNs, clearedNs - 1n)) yield payload;
  }
  return (await newestTraces(payloads())).map((payload) => ({ stream: streams.trace, payload }));
}

async function samplesBefore(reader: RecordingReader, untilNs: bigint, clearedNs: bigint): Promise<ToldFrame[]> {
  const newestFirst: RecordedMessage[] = [];
  for await (const message of reader.backwards(streams.sample, untilNs, clearedNs - 1n)) {
    newestFirst.push(message);
    if (newestFirst.length >= sampleCapacity) break;
  }
  const oldest = newestFirst.at(-1);
  if (!oldest) return [];
  // The tables in force from the oldest of them on, each told where it came.
  const told: RecordedMessage[] = newestFirst.reverse();
  const before = await reader.newest(channelIds.state, oldest.timeNs);
  const first = before && tableIn(Checkpoint.decode(before.payload, before.timeNs));
  const since = before?.timeNs ?? -1n;
  // Most messages are no table, which is seen without reading them.
  for await (const message of reader.between(streams.control, since, untilNs))
    if (message.timeNs >= clearedNs && asBuffer(message.payload).includes('"table"') && agentEventOf(message.payload)?.type === 'table')
      told.push(message);
  told.sort((a, b) => (a.timeNs < b.timeNs ? -1 : 1));
  const frames = told.map(({ channel, payload }) => ({ stream: channel as Stream, payload }));
  return first ? [{ stream: streams.control, payload: first }, ...frames] : frames;
}

function tableIn(checkpoint: Checkpoint | null): Uint8Array | null {
  const frames = checkpoint?.frames() ?? [];
  const tables = frames.flatMap(({ stream, payload }) => {
    const event = stream === streams.control ? agentEventOf(payload) : null;
    return event?.type === 'table' ? [event satisfies EventOf<'table'>] : [];
  });
  const table = tables[0];
  return table ? encodeUtf8(JSON.stringify(table)) : null;
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
