// Stream 2: one sampling tick. Rows are named by the `table` event with the same tableId.
import { badRecord, reading, viewOf } from '#common/layouts/bulk-reader.ts';
import type { Result } from '#common/result.ts';

/** One tick; the matrices are row-major, a row a vector or softirq, a column a CPU. */
export interface Sample {
  /** CLOCK_MONOTONIC of the sampled machine. */
  readonly timeNs: bigint;
  readonly tableId: number;
  readonly cpuCount: number;
  /** What reading it all took. */
  readonly durationNs: number;
  readonly vectors: BigUint64Array;
  readonly softirqs: BigUint64Array;
  readonly counters: BigUint64Array;
}

const headerBytes = 24;

function numbers(view: DataView, at: number, count: number): BigUint64Array {
  // The payload lies anywhere in its frame, so it is not aligned for a typed array of its own.
  const values = new BigUint64Array(count);
  for (let index = 0; index < count; index += 1) values[index] = view.getBigUint64(at + 8 * index, true);
  return values;
}

/** Reads a stream 2 payload. */
export function readSample(payload: Uint8Array): Result<Sample, string> {
  return reading(() => {
    const view = viewOf(payload);
    const cpuCount = view.getUint16(12, true);
    const vectorCells = view.getUint16(14, true) * cpuCount;
    const softirqCells = view.getUint16(16, true) * cpuCount;
    const counterCount = view.getUint16(18, true);
    const durationNs = view.getUint32(20, true);
    const needed = headerBytes + 8 * (vectorCells + softirqCells + counterCount);
    if (needed !== payload.length) badRecord(`a sample of ${needed} bytes came as ${payload.length}`);
    return {
      timeNs: view.getBigUint64(0, true),
      tableId: view.getUint32(8, true),
      cpuCount,
      durationNs,
      vectors: numbers(view, headerBytes, vectorCells),
      softirqs: numbers(view, headerBytes + 8 * vectorCells, softirqCells),
      counters: numbers(view, headerBytes + 8 * (vectorCells + softirqCells), counterCount),
    };
  });
}
