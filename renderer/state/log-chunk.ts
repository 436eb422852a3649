// Some thousand rows of the kernel log, in columns: no object a row, so that a million of them stay small and cost the collector nothing.

/** Rows of a chunk; a power of two, so that a row's place follows from its number. */
export const chunkRows = 4096;

const firstTextBytes = 64 * 1024;

/** What is kept of a row beside its text. */
export interface LogRowColumns {
  /** Microseconds since boot; of a hole that of the row before. */
  readonly timeUs: number;
  readonly level: number;
  readonly facility: number;
  readonly isContinuation: boolean;
  /** Index of its device and subsystem (`LogOrigins`). */
  readonly origin: number;
  /** Id of the report that it belongs to; 0 for none. */
  readonly report: number;
  /** Whether it is no record but a hole. */
  readonly isLost: boolean;
}

/** The rows. Text is UTF-8, one after the other. */
export class LogChunk {
  readonly timeUs = new Float64Array(chunkRows);
  readonly #flags = new Uint16Array(chunkRows);
  readonly origin = new Uint16Array(chunkRows);
  readonly report = new Uint32Array(chunkRows);
  readonly #ends = new Uint32Array(chunkRows);
  #text = new Uint8Array(firstTextBytes);
  length = 0;

  /** Bytes of text that are in use. */
  get textBytes(): number {
    return this.length === 0 ? 0 : (this.#ends[this.length - 1] ?? 0);
  }

  get isFull(): boolean {
    return this.length === chunkRows;
  }

  /** Appends a row; its text is copied. */
  push(row: LogRowColumns, text: Uint8Array, textAt: number, textBytes: number): void {
    const at = this.length;
    const start = this.textBytes;
    if (start + textBytes > this.#text.length) this.#grow(start + textBytes);
    // A loop beats `set` of a sub-array for the dozens of bytes of a line, and allocates nothing.
    for (let index = 0; index < textBytes; index += 1) this.#text[start + index] = text[textAt + index] ?? 0;
    this.timeUs[at] = row.timeUs;
    this.#flags[at] = (row.level & 7) | (row.isContinuation ? 8 : 0) | (row.isLost ? 16 : 0) | (row.facility << 8);
    this.origin[at] = row.origin;
    this.report[at] = row.report;
    this.#ends[at] = start + textBytes;
    this.length = at + 1;
    // No more text comes: what was reserved beyond it is given back.
    if (this.isFull) this.#text = this.#text.slice(0, this.textBytes);
  }

  level(at: number): number {
    return (this.#flags[at] ?? 0) & 7;
  }

  facility(at: number): number {
    return (this.#flags[at] ?? 0) >> 8;
  }

  isContinuation(at: number): boolean {
    return ((this.#flags[at] ?? 0) & 8) !== 0;
  }

  isLost(at: number): boolean {
    return ((this.#flags[at] ?? 0) & 16) !== 0;
  }

  /** The UTF-8 of a row, in place: valid until the next `push`. */
  text(at: number): Uint8Array {
    return this.#text.subarray(at === 0 ? 0 : (this.#ends[at - 1] ?? 0), this.#ends[at] ?? 0);
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.#text.length * 2));
    grown.set(this.#text);
    this.#text = grown;
  }
}
