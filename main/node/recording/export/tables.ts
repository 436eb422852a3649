// Samples with the tables that name their rows, in the order in which they were recorded.
import { streams } from '#common/frame.ts';
import { readSample, type Sample } from '#common/layouts/sample.ts';
import type { EventOf } from '#common/protocol.ts';
import { channelIds } from '../channels.ts';
import { agentEventOf, Checkpoint } from '../checkpoint.ts';
import type { RecordedMessage, RecordingReader } from '../recording-reader.ts';
import type { ExportRange } from './export-recording.ts';

/** A table, and from when on it names the rows. */
export interface TableFrom {
  readonly timeNs: bigint;
  readonly table: EventOf<'table'>;
}

/** A sample with its table. */
export interface NamedRow {
  readonly sample: Sample;
  readonly table: EventOf<'table'>;
  readonly message: RecordedMessage;
}

/** The tables of a stretch, the one in force at its beginning included. */
export async function tablesIn(reader: RecordingReader, { fromNs, toNs }: ExportRange): Promise<TableFrom[]> {
  const tables: TableFrom[] = [];
  const take = (payload: Uint8Array, timeNs: bigint) => {
    const event = agentEventOf(payload);
    if (event?.type === 'table') tables.push({ timeNs, table: event });
  };
  const before = await reader.newest(channelIds.state, fromNs);
  const frames = before ? (Checkpoint.decode(before.payload, before.timeNs)?.frames() ?? []) : [];
  for (const { stream, payload } of frames) if (stream === streams.control) take(payload, before?.timeNs ?? 0n);
  for await (const { payload, timeNs } of reader.between(streams.control, before?.timeNs ?? -1n, toNs)) take(payload, timeNs);
  return tables;
}

/** Every sample of a stretch whose table was recorded. */
export async function* namedSamples(reader: RecordingReader, range: ExportRange, tables: readonly TableFrom[]): AsyncGenerator<NamedRow> {
  let at = -1;
  for await (const message of reader.between(streams.sample, range.fromNs, range.toNs)) {
    while (at + 1 < tables.length && (tables[at + 1]?.timeNs ?? 0n) <= message.timeNs) at += 1;
    const table = tables[at]?.table;
    const sample = readSample(message.payload);
    if (table && sample.ok && sample.value.tableId === table.tableId) yield { sample: sample.value, table, message };
  }
}

/** Nanoseconds since 1970 as ISO 8601 with nine decimals. */
export function isoTime(timeNs: bigint): string {
  const seconds = timeNs / 1_000_000_000n;
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${(timeNs % 1_000_000_000n).toString().padStart(9, '0')}Z`;
}

/** Nanoseconds since boot as seconds with nine decimals. */
export const bootSeconds = (timeNs: bigint): string =>
  `${timeNs / 1_000_000_000n}.${(timeNs % 1_000_000_000n).toString().padStart(9, '0')}`;
