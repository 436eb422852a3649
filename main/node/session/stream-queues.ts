// What waits for a client that paints slowly, a kind of queue for each kind of stream: newest of each thing, bounded records, bounded bytes.
import { batchEnd, joinBatch, type RawBatch, type RawRecord } from './log-records.ts';

/** The next payload, and what to do once it has left. */
export interface Waiting {
  readonly payload: Uint8Array;
  readonly whenSent: readonly (() => void)[];
}

/** A queue of one stream. The dropped counts only grow. */
export interface StreamQueue {
  next(): Waiting | null;
  readonly droppedFrames: number;
  readonly droppedRecords: number;
}

/** Keeps the newest payload of each key; an older one that it replaces counts as a dropped frame. */
export class NewestQueue implements StreamQueue {
  readonly #waiting = new Map<string, Waiting>();
  droppedFrames = 0;
  readonly droppedRecords = 0;

  put(key: string, payload: Uint8Array): void {
    const older = this.#waiting.get(key);
    if (older) this.droppedFrames += 1;
    // A replaced entry keeps its place, so that no thing starves behind livelier ones.
    this.#waiting.set(key, { payload, whenSent: older?.whenSent ?? [] });
  }

  /** Calls back when what waits under this key has left; at once when nothing waits. */
  afterSent(key: string, then: () => void): void {
    const waiting = this.#waiting.get(key);
    if (waiting) this.#waiting.set(key, { ...waiting, whenSent: [...waiting.whenSent, then] });
    else then();
  }

  next(): Waiting | null {
    for (const [key, waiting] of this.#waiting) {
      this.#waiting.delete(key);
      return waiting;
    }
    return null;
  }
}

/** Keeps the newest `capacity` log records and sends as many as fit a batch; older ones count as dropped records. */
export class LogQueue implements StreamQueue {
  readonly #capacity: number;
  #records: RawRecord[] = [];
  #lostRecords = 0n;
  readonly droppedFrames = 0;
  droppedRecords = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  put(batch: RawBatch): void {
    this.#lostRecords += batch.lostRecords;
    this.#records.push(...batch.records);
    const excess = this.#records.length - this.#capacity;
    if (excess <= 0) return;
    this.#records.splice(0, excess);
    this.droppedRecords += excess;
  }

  next(): Waiting | null {
    if (this.#records.length === 0 && this.#lostRecords === 0n) return null;
    const records = this.#records.splice(0, batchEnd(this.#records, 0));
    const payload = joinBatch(records, this.#lostRecords);
    this.#lostRecords = 0n;
    return { payload, whenSent: [] };
  }
}

/** Joins console bytes; beyond `capacity` the oldest pieces are dropped, each counting as a frame. */
export class ByteQueue implements StreamQueue {
  readonly #capacity: number;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  droppedFrames = 0;
  readonly droppedRecords = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  put(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.#bytes += bytes.length;
    while (this.#bytes > this.#capacity && this.#pieces.length > 1) {
      this.#bytes -= this.#pieces.shift()?.length ?? 0;
      this.droppedFrames += 1;
    }
  }

  next(): Waiting | null {
    if (this.#pieces.length === 0) return null;
    const payload = new Uint8Array(Buffer.concat(this.#pieces));
    this.#pieces = [];
    this.#bytes = 0;
    return { payload, whenSent: [] };
  }
}
