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

  /** 0 to 1, by Marsaglia's 32-bit xorshift behind Knuth's multiplicative hash, so that small seeds differ too. */
  #next(): number {
    let state = this.#state || 0x9e3779b9;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state >>> 0;
    return (Math.imul(this.#state, 0x9e3779b1) >>> 0) / 2 ** 32;
  }
}

/** A seed for a run that names none. */
export const anySeed = (): number => Math.floor(Math.random() * 2 ** 31) + 1;
