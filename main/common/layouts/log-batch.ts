// Stream 1: a batch of kernel log records, as `/dev/kmsg` gave them.
import { badRecord, reading, viewOf } from '#common/layouts/bulk-reader.ts';
import type { Result } from '#common/result.ts';
import { decodeUtf8 } from '#common/text.ts';

/** One kernel log record. */
export interface LogRecord {
  /** The kernel's own number of the record. */
  readonly sequence: bigint;
  /** Microseconds since boot, on the kernel's log clock. */
  readonly timeUs: bigint;
  /** 0 emergency … 7 debug. */
  readonly level: number;
  readonly facility: number;
  readonly isContinuation: boolean;
  readonly text: string;
  /** kmsg's DEVICE key, such as `+pci:0000:01:00.0`; empty without one. */
  readonly device: string;
  /** kmsg's SUBSYSTEM key; empty without one. */
  readonly subsystem: string;
}

/** A batch: records in order, and how many were overwritten in the kernel before them. */
export interface LogBatch {
  readonly lostRecords: bigint;
  readonly records: readonly LogRecord[];
}

const batchHeaderBytes = 16;
const recordHeaderBytes = 32;

/** Where one record lies in its batch, and how long its three texts are. */
interface RecordPlace {
  readonly at: number;
  readonly length: number;
  readonly lengths: readonly [number, number, number];
}

function places(view: DataView): RecordPlace[] {
  const count = view.getUint32(0, true);
  const found: RecordPlace[] = [];
  let at = batchHeaderBytes;
  for (let index = 0; index < count; index += 1) {
    const length = view.getUint32(at, true);
    const lengths = [view.getUint16(at + 24, true), view.getUint16(at + 26, true), view.getUint16(at + 28, true)] as const;
    const needed = recordHeaderBytes + lengths[0] + lengths[1] + lengths[2];
    if (length % 8 !== 0 || length < needed) badRecord(`record ${index} announces ${length} bytes and needs ${needed}`);
    if (at + length > view.byteLength) badRecord(`record ${index} runs past the end of the batch`);
    found.push({ at, length, lengths });
    at += length;
  }
  if (at !== view.byteLength) badRecord(`${view.byteLength - at} bytes follow the last record`);
  return found;
}

/** A record that was not looked into: the kernel's number of it, and its bytes as they came. */
export interface RawLogRecord {
  readonly sequence: bigint;
  readonly bytes: Uint8Array;
}

/** Cuts a stream 1 payload into its records without reading their texts: who keeps or passes on thousands need not. */
export function cutLogBatch(
  payload: Uint8Array,
): Result<{ readonly lostRecords: bigint; readonly records: readonly RawLogRecord[] }, string> {
  return reading(() => {
    const view = viewOf(payload);
    const lostRecords = view.getBigUint64(8, true);
    const records = places(view).map(({ at, length }) => ({
      sequence: view.getBigUint64(at + 8, true),
      bytes: payload.subarray(at, at + length),
    }));
    return { lostRecords, records };
  });
}

/** Reads a stream 1 payload. */
export function readLogBatch(payload: Uint8Array): Result<LogBatch, string> {
  return reading(() => {
    const view = viewOf(payload);
    const lostRecords = view.getBigUint64(8, true);
    const records = places(view).map(({ at, lengths }) => {
      let textAt = at + recordHeaderBytes;
      const [text = '', device = '', subsystem = ''] = lengths.map((size) => {
        textAt += size;
        return decodeUtf8(payload.subarray(textAt - size, textAt));
      });
      return {
        sequence: view.getBigUint64(at + 8, true),
        timeUs: view.getBigUint64(at + 16, true),
        level: view.getUint8(at + 4),
        facility: view.getUint8(at + 5),
        isContinuation: (view.getUint16(at + 6, true) & 1) !== 0,
        text,
        device,
        subsystem,
      };
    });
    return { lostRecords, records };
  });
}

/** A record whose texts stay where they lie in the payload: text, device and subsystem follow each other from `textAt` on. */
export interface PlacedLogRecord extends Pick<LogRecord, 'level' | 'facility' | 'isContinuation'> {
  /** Exact up to 2^53. */
  readonly sequence: number;
  /** Exact up to 2^53: two hundred years. */
  readonly timeUs: number;
  readonly textAt: number;
  readonly textBytes: number;
  readonly deviceBytes: number;
  readonly subsystemBytes: number;
}

const u64 = (view: DataView, at: number): number => view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;

/** Reads a stream 1 payload without making text of its bytes: a log of a million lines keeps the bytes. */
export function placeLogBatch(
  payload: Uint8Array,
): Result<{ readonly lostRecords: number; readonly records: readonly PlacedLogRecord[] }, string> {
  return reading(() => {
    const view = viewOf(payload);
    const lostRecords = u64(view, 8);
    const records = places(view).map(({ at, lengths: [textBytes, deviceBytes, subsystemBytes] }) => ({
      sequence: u64(view, at + 8),
      timeUs: u64(view, at + 16),
      level: view.getUint8(at + 4),
      facility: view.getUint8(at + 5),
      isContinuation: (view.getUint16(at + 6, true) & 1) !== 0,
      textAt: at + recordHeaderBytes,
      textBytes,
      deviceBytes,
      subsystemBytes,
    }));
    return { lostRecords, records };
  });
}
