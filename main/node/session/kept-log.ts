// The log that a session keeps: records as bytes in blocks. An object for each would take three times the memory of its record, and the collector's time.
import { joinBatch, type RawBatch, type RawRecord } from './log-records.ts';

/** How many log records are kept: two seconds of the worst storm, days of a quiet machine. */
export const logCapacity = 200_000;

/** How many bytes of records are kept at most: lines may be far longer than usual. */
export const logCapacityBytes = 32 * 1024 * 1024;

const blockBytes = 128 * 1024;
const payloadBytes = 262_144;
const headerBytes = 16;

/** Records one after the other; what was lost was lost before the first of them. */
interface Block {
  readonly lostRecords: bigint;
  readonly bytes: Uint8Array;
  length: number;
  records: number;
}

/** Records in order, whole blocks of which are given up at the front. */
export class KeptLog {
  readonly #capacity: number;
  #blocks: Block[] = [];
  #records = 0;
  #bytes = 0;
  #newest: bigint | null = null;

  constructor(capacity = logCapacity) {
    this.#capacity = capacity;
  }

  /** The kernel's number of the newest record; null while there is none. */
  get newest(): bigint | null {
    return this.#newest;
  }

  add({ records, lostRecords }: RawBatch): void {
    if (lostRecords > 0n && records.length === 0) this.#begin(lostRecords, 0);
    for (const [index, record] of records.entries()) this.#push(record, index === 0 ? lostRecords : 0n);
    this.#newest = records.at(-1)?.sequence ?? this.#newest;
    let given = 0;
    // As many as are promised stay, so a block goes only when the others hold those.
    for (let block = this.#blocks[0]; block && this.#isTooMuch(block, given); block = this.#blocks[given]) {
      this.#records -= block.records;
      this.#bytes -= block.bytes.length;
      given += 1;
    }
    if (given > 0) this.#blocks.splice(0, given);
  }

  clear(): void {
    this.#blocks = [];
    this.#records = 0;
    this.#bytes = 0;
    this.#newest = null;
  }

  /** Stream 1 payloads of the newest `capacity` records; the same records give the same payloads, whichever way they came. */
  *payloads(): Iterable<Uint8Array> {
    let pieces: Uint8Array[] = [];
    let records = 0;
    let bytes = 0;
    let lost = 0n;
    const taken = (): Uint8Array => {
      const payload = new Uint8Array(headerBytes + bytes);
      payload.set(joinBatch([], lost));
      new DataView(payload.buffer).setUint32(0, records, true);
      let at = headerBytes;
      for (const piece of pieces) {
        payload.set(piece, at);
        at += piece.length;
      }
      pieces = [];
      records = 0;
      bytes = 0;
      lost = 0n;
      return payload;
    };
    let surplus = this.#records - this.#capacity;
    for (const block of this.#blocks) {
      const view = new DataView(block.bytes.buffer, block.bytes.byteOffset, block.length);
      let start = 0;
      // What was lost before records that are not told is not told either.
      for (; surplus > 0 && start < block.length; surplus -= 1) start += view.getUint32(start, true);
      if (block.lostRecords > 0n && start === 0) {
        if (records > 0) yield taken();
        lost += block.lostRecords;
      }
      let at = start;
      while (at < block.length) {
        const length = view.getUint32(at, true);
        if (bytes + (at - start) + length > payloadBytes - headerBytes && bytes + (at - start) > 0) {
          pieces.push(block.bytes.subarray(start, at));
          bytes += at - start;
          yield taken();
          start = at;
        }
        at += length;
        records += 1;
      }
      pieces.push(block.bytes.subarray(start, at));
      bytes += at - start;
    }
    if (records > 0 || lost > 0n) yield taken();
  }

  #isTooMuch(block: Block, given: number): boolean {
    if (given >= this.#blocks.length - 1) return false;
    return this.#records - block.records >= this.#capacity || this.#bytes > logCapacityBytes;
  }

  #push({ bytes }: RawRecord, lostRecords: bigint): void {
    let block = this.#blocks.at(-1);
    if (!block || lostRecords > 0n || block.length + bytes.length > block.bytes.length) block = this.#begin(lostRecords, bytes.length);
    block.bytes.set(bytes, block.length);
    block.length += bytes.length;
    block.records += 1;
    this.#records += 1;
  }

  /** Begins a block; the one before gives back what it does not use. */
  #begin(lostRecords: bigint, neededBytes: number): Block {
    const before = this.#blocks.at(-1);
    if (before) {
      this.#blocks[this.#blocks.length - 1] = { ...before, bytes: before.bytes.slice(0, before.length) };
      this.#bytes -= before.bytes.length - before.length;
    }
    const block = { lostRecords, bytes: new Uint8Array(Math.max(blockBytes, neededBytes)), length: 0, records: 0 };
    this.#blocks.push(block);
    this.#bytes += block.bytes.length;
    return block;
  }
}
