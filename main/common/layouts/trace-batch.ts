// Stream 8: a batch of the driver's trace events, each a record of 40 bytes; see driver/wire/README.md.
import { badRecord, reading, viewOf } from '#common/layouts/bulk-reader.ts';
import type { Result } from '#common/result.ts';
import { decodeLatin1 } from '#common/text.ts';
import { type TraceEventName, traceEventNames } from '#common/trace/event-kinds.ts';

/** Bytes before the records. */
export const traceHeaderBytes = 56;
/** Bytes of a record. */
export const traceRecordBytes = 40;

/** What a batch says beside its records. Times are CLOCK_MONOTONIC. */
export interface TraceHeader {
  readonly device: string;
  readonly recordCount: number;
  /** Overwritten in the kernel before they could be read, of all traced devices. */
  readonly lostEvents: bigint;
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** How much of that time nothing was recorded. */
  readonly pausedNs: bigint;
}

/** One event. What `words` mean is the event's matter; `driver/wire/README.md` lists it. */
export interface TraceRecord {
  readonly timeNs: bigint;
  readonly event: TraceEventName;
  readonly cpu: number;
  /** The queue; of an interrupt the device's vector. */
  readonly queue: number;
  readonly flags: number;
  /** 0 where the event has none. */
  readonly dmaAddress: bigint;
  readonly words: readonly [number, number, number];
}

/** A batch, its records read. */
export interface TraceBatch extends Omit<TraceHeader, 'recordCount'> {
  readonly records: readonly TraceRecord[];
}

function header(payload: Uint8Array, view: DataView): TraceHeader {
  const recordCount = view.getUint32(16, true);
  const recordBytes = view.getUint32(20, true);
  if (recordBytes !== traceRecordBytes) badRecord(`its records have ${recordBytes} bytes, known are ${traceRecordBytes}`);
  const needed = traceHeaderBytes + traceRecordBytes * recordCount;
  if (needed !== payload.length) badRecord(`a batch of ${needed} bytes came as ${payload.length}`);
  return {
    device: decodeLatin1(payload.subarray(0, 16)).replace(/\0.*$/s, ''),
    recordCount,
    lostEvents: view.getBigUint64(24, true),
    fromNs: view.getBigUint64(32, true),
    toNs: view.getBigUint64(40, true),
    pausedNs: view.getBigUint64(48, true),
  };
}

/** Reads only the header; who passes batches on needs no more. */
export function readTraceHeader(payload: Uint8Array): Result<TraceHeader, string> {
  return reading(() => header(payload, viewOf(payload)));
}

/** Where the records of a batch lie: `view` begins with the payload, record N at `traceHeaderBytes + N * traceRecordBytes`. Every event number was found good. */
export interface OpenTraceBatch extends TraceHeader {
  readonly view: DataView;
}

/** Checks a batch without making an object of each record: thousands come a second. */
export function openTraceBatch(payload: Uint8Array): Result<OpenTraceBatch, string> {
  return reading(() => {
    const view = viewOf(payload);
    const head = header(payload, view);
    for (let index = 0; index < head.recordCount; index += 1) {
      const number = view.getUint16(traceHeaderBytes + traceRecordBytes * index + 8, true);
      if (number >= traceEventNames.length) badRecord(`event ${number} is unknown`);
    }
    return { ...head, view };
  });
}

/** Reads a stream 8 payload. */
export function readTraceBatch(payload: Uint8Array): Result<TraceBatch, string> {
  const opened = openTraceBatch(payload);
  if (!opened.ok) return opened;
  const { view, recordCount, ...head } = opened.value;
  const record = (at: number): TraceRecord => ({
    timeNs: view.getBigUint64(at, true),
    event: traceEventNames[view.getUint16(at + 8, true)] ?? 'poll',
    cpu: view.getUint16(at + 10, true),
    queue: view.getUint16(at + 12, true),
    flags: view.getUint16(at + 14, true),
    dmaAddress: view.getBigUint64(at + 16, true),
    words: [view.getUint32(at + 24, true), view.getUint32(at + 28, true), view.getUint32(at + 32, true)],
  });
  const records = Array.from({ length: recordCount }, (_, index) => record(traceHeaderBytes + traceRecordBytes * index));
  return { ok: true, value: { ...head, records } };
}

/** The bytes of the records, as they came. */
export const traceRecordsOf = (payload: Uint8Array): Uint8Array => payload.subarray(traceHeaderBytes);

/** A payload of this header with these records as they came. */
export function traceBatchPayload(
  { device, lostEvents, fromNs, toNs, pausedNs }: Omit<TraceHeader, 'recordCount'>,
  records: readonly Uint8Array[],
): Uint8Array {
  const bytes = records.reduce((sum, part) => sum + part.length, 0);
  const payload = new Uint8Array(traceHeaderBytes + bytes);
  const view = viewOf(payload);
  for (let at = 0; at < Math.min(device.length, 16); at += 1) payload[at] = device.charCodeAt(at);
  view.setUint32(16, bytes / traceRecordBytes, true);
  view.setUint32(20, traceRecordBytes, true);
  for (const [index, value] of [lostEvents, fromNs, toNs, pausedNs].entries()) view.setBigUint64(24 + 8 * index, value, true);
  let at = traceHeaderBytes;
  for (const part of records) {
    payload.set(part, at);
    at += part.length;
  }
  return payload;
}
