// The kernel log once more, in blocks: a line that came an hour ago belongs to the instant that is looked for, and must not cost a walk through that hour.
import { joinBatch, type RawRecord, splitBatch } from '../session/log-records.ts';

const blockRecords = 500;
const blockBytes = 131_072;

/** Gathers the records since the block before. */
export class LogBlocks {
  #records: RawRecord[] = [];
  #bytes = 0;
  #lostRecords = 0n;
  #newest: bigint | null = null;

  /** Takes a stream 1 payload; returns a block when one is full. */
  add(payload: Uint8Array): Uint8Array | null {
    const batch = splitBatch(payload);
    if (!batch.ok) return null;
    const newest = this.#newest;
    const first = batch.value.records[0];
    // An agent that was restarted tells the log from boot on once more; a session keeps it once (kept.ts), and so does a block.
    const isRetold = newest !== null && first !== undefined && first.sequence <= newest;
    if (!isRetold) this.#lostRecords += batch.value.lostRecords;
    for (const record of batch.value.records) {
      if (isRetold && record.sequence <= newest) continue;
      this.#newest = record.sequence;
      this.#records.push(record);
      this.#bytes += record.bytes.length;
    }
    if (this.#records.length < blockRecords && this.#bytes < blockBytes) return null;
    const block = joinBatch(this.#records, this.#lostRecords);
    this.#empty();
    return block;
  }

  /** Another kernel counts its records from the start. */
  clear(): void {
    this.#newest = null;
    this.#empty();
  }

  #empty(): void {
    this.#records = [];
    this.#bytes = 0;
    this.#lostRecords = 0n;
  }
}
