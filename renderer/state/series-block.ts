// A block of samples of the same rows: typed arrays that are filled once and never moved.

/** What the columns of samples mean. */
export class SeriesLayout {
  readonly keys: readonly string[];
  readonly #columns: ReadonlyMap<string, number>;

  constructor(keys: readonly string[]) {
    this.keys = keys;
    this.#columns = new Map(keys.map((key, column) => [key, column]));
  }

  /** Where a row lies, or -1 when these samples do not have it. */
  columnOf(key: string): number {
    return this.#columns.get(key) ?? -1;
  }
}

const bytesOfValue = 8;
const blocksAtLeast = 8;

/** Up to so many samples. */
export class SeriesBlock {
  readonly layout: SeriesLayout;
  length = 0;
  #capacity: number;
  #seconds: Float64Array;
  // A row's values lie beside each other: who draws one reads it alone.
  #values: Float64Array;

  constructor(layout: SeriesLayout, capacity: number) {
    this.layout = layout;
    this.#capacity = capacity;
    this.#seconds = new Float64Array(capacity);
    this.#values = new Float64Array(capacity * layout.keys.length);
  }

  get isFull(): boolean {
    return this.length === this.#capacity;
  }

  get bytes(): number {
    return bytesOfValue * (this.#seconds.length + this.#values.length);
  }

  get firstSeconds(): number {
    return this.#seconds[0] ?? Number.NaN;
  }

  get lastSeconds(): number {
    return this.#seconds[this.length - 1] ?? Number.NaN;
  }

  /** Takes a sample; `values` in the order of the layout's keys. */
  append(seconds: number, values: ArrayLike<number>): void {
    const at = this.length;
    this.#seconds[at] = seconds;
    for (let column = 0; column < this.layout.keys.length; column += 1)
      this.#values[column * this.#capacity + at] = values[column] ?? Number.NaN;
    this.length += 1;
  }

  /** Gives back what was not filled: no more samples come. */
  close(): void {
    if (this.isFull) return;
    const { length } = this;
    const values = new Float64Array(length * this.layout.keys.length);
    for (let column = 0; column < this.layout.keys.length; column += 1)
      values.set(this.#values.subarray(column * this.#capacity, column * this.#capacity + length), column * length);
    this.#values = values;
    this.#seconds = this.#seconds.slice(0, length);
    this.#capacity = length;
  }

  secondsOf(at: number): number {
    return this.#seconds[at] ?? Number.NaN;
  }

  valueOf(at: number, column: number): number {
    return column < 0 ? Number.NaN : (this.#values[column * this.#capacity + at] ?? Number.NaN);
  }

  /** The last sample that is not after this instant, or -1. */
  indexAt(seconds: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.secondsOf(middle) <= seconds) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** One kept sample. */
export interface SamplePlace {
  readonly block: SeriesBlock;
  readonly at: number;
}

/** Samples in order, of which the oldest go once there are too many bytes, or they are too old. */
export class SeriesTier {
  readonly #blockSamples: number;
  readonly #maximumSeconds: number;
  readonly #maximumBytes: number;
  #blocks: SeriesBlock[] = [];
  #bytes = 0;

  constructor({ blockSamples, maximumSeconds, maximumBytes }: { blockSamples: number; maximumSeconds: number; maximumBytes: number }) {
    this.#blockSamples = blockSamples;
    this.#maximumSeconds = maximumSeconds;
    this.#maximumBytes = maximumBytes;
  }

  get blocks(): readonly SeriesBlock[] {
    return this.#blocks;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get oldestSeconds(): number {
    return this.#blocks[0]?.firstSeconds ?? Number.NaN;
  }

  /** Takes a sample, and lets go of whole blocks at the other end. */
  append(layout: SeriesLayout, seconds: number, values: ArrayLike<number>): void {
    let last = this.#blocks.at(-1);
    if (!last || last.isFull || last.layout !== layout) {
      if (last) {
        this.#bytes -= last.bytes;
        last.close();
        this.#bytes += last.bytes;
      }
      // A block is what is let go of at once: with very many rows it has fewer samples.
      const affordable = Math.floor(this.#maximumBytes / blocksAtLeast / (bytesOfValue * (layout.keys.length + 1)));
      last = new SeriesBlock(layout, Math.max(1, Math.min(this.#blockSamples, affordable)));
      this.#blocks.push(last);
      this.#bytes += last.bytes;
    }
    last.append(seconds, values);
    this.#letGo(seconds);
  }

  clear(): void {
    this.#blocks = [];
    this.#bytes = 0;
  }

  /** The last sample that is not after this instant. */
  at(seconds: number): SamplePlace | null {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#blocks[middle]?.firstSeconds ?? 0) <= seconds) low = middle + 1;
      else high = middle;
    }
    const block = this.#blocks[low - 1];
    return block ? { block, at: block.indexAt(seconds) } : null;
  }

  #letGo(newest: number): void {
    for (;;) {
      const [oldest, next] = this.#blocks;
      if (!oldest || !next) return;
      if (this.#bytes <= this.#maximumBytes && newest - next.firstSeconds < this.#maximumSeconds) return;
      this.#blocks.shift();
      this.#bytes -= oldest.bytes;
    }
  }
}
