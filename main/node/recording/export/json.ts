// Everything of a stretch as one JSON document, written in pieces. Numbers that may exceed 53 bits are decimal strings.
import { streams } from '#common/frame.ts';
import { readRegistersSnapshot, readRingSnapshot, readVectorsSnapshot } from '#common/layouts/snapshot.ts';
import { readTraceBatch } from '#common/layouts/trace-batch.ts';
import type { RecordedMessage, RecordingReader } from '../recording-reader.ts';
import type { ExportRange } from './export-recording.ts';
import { logLines } from './log-records.ts';
import { isoTime, namedSamples, tablesIn } from './tables.ts';

const text = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? member.toString() : member));

async function* list(name: string, items: AsyncIterable<unknown>): AsyncGenerator<string> {
  yield `,\n"${name}": [`;
  let isFirst = true;
  for await (const item of items) {
    yield `${isFirst ? '\n' : ',\n'}${text(item)}`;
    isFirst = false;
  }
  yield ']';
}

/** The file in pieces. */
export async function* jsonOf(reader: RecordingReader, range: ExportRange): AsyncGenerator<string> {
  const metadata = Object.fromEntries(reader.index.metadata.map(({ name, values }) => [name, Object.fromEntries(values)]));
  const recording = { name: reader.name, started: isoTime(reader.startNs), ended: isoTime(reader.endNs), remark: reader.remark, metadata };
  yield `{"recording": ${text(recording)}`;
  const tables = await tablesIn(reader, range);
  yield `,\n"tables": ${text(tables.map(({ timeNs, table }) => ({ time: isoTime(timeNs), ...table })))}`;
  yield* list('events', eventsOf(reader, range));
  yield* list('log', logOf(reader, range));
  yield* list('samples', samplesOf(reader, range, tables));
  yield* list('rings', snapshotsOf(reader, range, streams.ring, readRingSnapshot));
  yield* list('registers', snapshotsOf(reader, range, streams.registers, readRegistersSnapshot));
  yield* list('vectors', snapshotsOf(reader, range, streams.vectors, readVectorsSnapshot));
  yield* list('traces', snapshotsOf(reader, range, streams.trace, readTraceBatch));
  yield '\n}\n';
}

const when = ({ timeNs, kernelNs }: RecordedMessage) => ({ time: isoTime(kernelNs), recorded: isoTime(timeNs) });

async function* eventsOf(reader: RecordingReader, { fromNs, toNs }: ExportRange): AsyncGenerator<unknown> {
  for await (const message of reader.between(streams.control, fromNs, toNs))
    yield { recorded: isoTime(message.timeNs), event: JSON.parse(Buffer.from(message.payload).toString()) as unknown };
}

async function* logOf(reader: RecordingReader, range: ExportRange): AsyncGenerator<unknown> {
  for await (const line of logLines(reader, range)) {
    if (line.type === 'lost') yield { lostRecords: line.records };
    else yield { time: line.bootNs === null ? null : isoTime(line.bootNs + line.record.timeUs * 1000n), ...line.record };
  }
}

async function* samplesOf(
  reader: RecordingReader,
  range: ExportRange,
  tables: Awaited<ReturnType<typeof tablesIn>>,
): AsyncGenerator<unknown> {
  for await (const { sample, message } of namedSamples(reader, range, tables)) {
    const { timeNs, tableId, durationNs, vectors, softirqs, counters } = sample;
    const rows = { vectors: [...vectors], softirqs: [...softirqs], counters: [...counters] };
    yield { ...when(message), bootNs: timeNs, tableId, durationNs, ...rows };
  }
}

type Reading = typeof readRingSnapshot | typeof readRegistersSnapshot | typeof readVectorsSnapshot | typeof readTraceBatch;

async function* snapshotsOf(
  reader: RecordingReader,
  { fromNs, toNs }: ExportRange,
  stream: number,
  read: Reading,
): AsyncGenerator<unknown> {
  for await (const message of reader.between(stream, fromNs, toNs)) {
    const snapshot = read(message.payload);
    if (!snapshot.ok) continue;
    const { value } = snapshot;
    // Descriptors as hex digits, in memory order.
    yield 'descriptors' in value
      ? { ...when(message), ...value, descriptors: Buffer.from(value.descriptors).toString('hex') }
      : { ...when(message), ...value };
  }
}
