// Stream 8 as batches that are passed on: what waits for a window is joined and bounded, and the newest are kept. Records are never looked into.
import { readTraceHeader, type TraceHeader, traceBatchPayload, traceRecordsOf } from '#common/layouts/trace-batch.ts';
import type { Result } from '#common/result.ts';
import type { StreamQueue, Waiting } from './stream-queues.ts';

/** A batch that came, and what its header says. */
export interface RawTrace {
  readonly header: TraceHeader;
  readonly payload: Uint8Array;
}

// A quarter of what a frame may carry, as with log records.
const joinedRecords = 6500;

/** How many trace events a session keeps, together with the batches that brought them: a megabyte. */
export const traceCapacity = 26_000;

/** Reads the header of a stream 8 payload; the error says why it contradicts itself. */
export function rawTrace(payload: Uint8Array): Result<RawTrace, string> {
  const header = readTraceHeader(payload);
  return header.ok ? { ok: true, value: { header: header.value, payload } } : header;
}

// Quiet batches count too, so that a night without a frame is bounded as well.
const weightOf = ({ header }: RawTrace): number => header.recordCount + 1;

/** Waits for a window: batches are appended, and beyond `capacity` events the oldest batches are dropped and counted. Unlike snapshots none replaces another. */
export class TraceQueue implements StreamQueue {
  readonly #capacity: number;
  #waiting: RawTrace[] = [];
  #records = 0;
  droppedFrames = 0;
  droppedRecords = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  put(trace: RawTrace): void {
    this.#waiting.push(trace);
    this.#records += weightOf(trace);
    while (this.#records > this.#capacity && this.#waiting.length > 1) {
      const oldest = this.#waiting.shift();
      if (!oldest) return;
      this.#records -= weightOf(oldest);
      this.droppedFrames += 1;
      this.droppedRecords += oldest.header.recordCount;
    }
  }

  /** As many of the oldest as belong to one device and fit one frame, as one batch. */
  next(): Waiting | null {
    const first = this.#waiting[0];
    if (!first) return null;
    let end = 1;
    let records = first.header.recordCount;
    for (let next = this.#waiting[end]; next; next = this.#waiting[end]) {
      const isJoined = next.header.device === first.header.device && records + next.header.recordCount <= joinedRecords;
      if (!isJoined) break;
      records += next.header.recordCount;
      end += 1;
    }
    const joined = this.#waiting.splice(0, end);
    for (const trace of joined) this.#records -= weightOf(trace);
    return { payload: joined.length === 1 ? first.payload : join(joined, first), whenSent: [] };
  }
}

function join(traces: readonly RawTrace[], first: RawTrace): Uint8Array {
  const sum = (of: (header: TraceHeader) => bigint) => traces.reduce((total, { header }) => total + of(header), 0n);
  const header = {
    device: first.header.device,
    lostEvents: sum(({ lostEvents }) => lostEvents),
    fromNs: first.header.fromNs,
    toNs: traces.at(-1)?.header.toNs ?? first.header.toNs,
    pausedNs: sum(({ pausedNs }) => pausedNs),
  };
  return traceBatchPayload(
    header,
    traces.map(({ payload }) => traceRecordsOf(payload)),
  );
}

/** The newest batches that hold `capacity` events together, or all. */
export class TraceTail {
  readonly #capacity: number;
  #kept: RawTrace[] = [];
  #weight = 0;

  constructor(capacity = traceCapacity) {
    this.#capacity = capacity;
  }

  add(trace: RawTrace): void {
    this.#kept.push(trace);
    this.#weight += weightOf(trace);
    for (let oldest = this.#kept[0]; oldest && this.#weight - weightOf(oldest) >= this.#capacity; oldest = this.#kept[0]) {
      this.#kept.shift();
      this.#weight -= weightOf(oldest);
    }
  }

  /** Those of one device, or all; oldest first. */
  payloads(device: string | null): Uint8Array[] {
    return this.#kept.filter(({ header }) => device === null || header.device === device).map(({ payload }) => payload);
  }
}

/** Of batches told newest first, those that a `TraceTail` keeps, oldest first; it asks for no more than that. */
export async function newestTraces(newestFirst: AsyncIterable<Uint8Array>, capacity = traceCapacity): Promise<Uint8Array[]> {
  const kept: Uint8Array[] = [];
  let weight = 0;
  for await (const payload of newestFirst) {
    const trace = rawTrace(payload);
    if (!trace.ok) continue;
    kept.push(payload);
    weight += weightOf(trace.value);
    if (weight >= capacity) break;
  }
  return kept.reverse();
}
