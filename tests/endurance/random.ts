// Choices that a printed seed repeats.

/** A sequence of choices; the same seed gives the same sequence. */
export class Choices {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + Math.floor(this.#next() * (high - low + 1));
  }

  /** One of `values`. */
  of<const T>(values: readonly [T, ...T[]]): T {
    return values[this.between(0, values.length - 1)] ?? values[0];
  }

  /** From 0 on, below 1: steps of the golden ratio, scattered by the last mixing steps of MurmurHash3, so that neighbouring seeds differ at once. */
  #next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let word = this.#state;
    word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return ((word ^ (word >>> 16)) >>> 0) / 2 ** 32;
  }
}

/** A seed for a run that names none. */
export const anySeed = (): number => Math.floor(Math.random() * 2 ** 31) + 1;
