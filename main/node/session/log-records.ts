// Stream 1 as raw records: the session keeps, bounds and batches records without ever looking into their text.
import { cutLogBatch, type RawLogRecord } from '#common/layouts/log-batch.ts';
import type { Result } from '#common/result.ts';

/** One record as it came, with the kernel's number of it. */
export type RawRecord = RawLogRecord;

/** A batch cut into its records. */
export interface RawBatch {
  readonly lostRecords: bigint;
  readonly records: readonly RawRecord[];
}

const headerBytes = 16;
const batchBytes = 262_144;

/** Cuts a stream 1 payload; the error says why it contradicts itself. */
export const splitBatch = (payload: Uint8Array): Result<RawBatch, string> => cutLogBatch(payload);

/** How many records from `start` on fit into one batch: at least one, at most 256 KiB of them. */
export function batchEnd(records: readonly RawRecord[], start: number): number {
  let bytes = headerBytes;
  let end = start;
  while (end < records.length) {
    bytes += records[end]?.bytes.length ?? 0;
    if (bytes > batchBytes && end > start) break;
    end += 1;
  }
  return end;
}

/** A stream 1 payload of these records. */
export function joinBatch(records: readonly RawRecord[], lostRecords: bigint): Uint8Array {
  const payload = new Uint8Array(records.reduce((sum, { bytes }) => sum + bytes.length, headerBytes));
  const view = new DataView(payload.buffer);
  view.setUint32(0, records.length, true);
  view.setBigUint64(8, lostRecords, true);
  let at = headerBytes;
  for (const { bytes } of records) {
    payload.set(bytes, at);
    at += bytes.length;
  }
  return payload;
}
