// A bounded curve over time: two rings of doubles, the oldest point goes when a new one comes.

/** What can be drawn over time. Ages count backwards: 0 is the newest point. */
export interface Curve {
  readonly length: number;
  /** Seconds since the target's boot, as CLOCK_MONOTONIC counts them; NaN beyond what is kept. */
  secondsAt(age: number): number;
  /** NaN beyond what is kept. */
  valueAt(age: number): number;
}

/** A curve that is fed point by point. */
export class Series implements Curve {
  readonly #seconds: Float64Array;
  readonly #values: Float64Array;
  #length = 0;
  #next = 0;

  /** Keeps so many points. */
  constructor(capacity: number) {
    this.#seconds = new Float64Array(capacity);
    this.#values = new Float64Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Takes a point; one that is not newer than the newest is told again and taken no second time. */
  push(seconds: number, value: number): void {
    if (this.#length > 0 && seconds <= this.secondsAt(0)) return;
    this.#seconds[this.#next] = seconds;
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % this.#seconds.length;
    this.#length = Math.min(this.#length + 1, this.#seconds.length);
  }

  secondsAt(age: number): number {
    return age < this.#length ? (this.#seconds[this.#slot(age)] ?? Number.NaN) : Number.NaN;
  }

  valueAt(age: number): number {
    return age < this.#length ? (this.#values[this.#slot(age)] ?? Number.NaN) : Number.NaN;
  }

  #slot(age: number): number {
    return (this.#next - 1 - age + 2 * this.#seconds.length) % this.#seconds.length;
  }
}

/** Change a second of a counter up to its newest point, over about `overSeconds`; null where it was reset or is seen for the first time. */
export function rateOfSeries(counter: Curve, overSeconds = 1): number | null {
  const now = counter.secondsAt(0);
  let age = 1;
  while (age + 1 < counter.length && now - counter.secondsAt(age) < overSeconds) age += 1;
  if (age >= counter.length) return null;
  const change = counter.valueAt(0) - counter.valueAt(age);
  return change < 0 ? null : change / (now - counter.secondsAt(age));
}

/** The value of a curve at an instant: that of the newest point that is not later; NaN before the first. */
export function valueAtSeconds(curve: Curve, seconds: number): number {
  let low = 0;
  let high = curve.length;
  // The first age whose point is not later than the instant; ages run from the newest to the oldest.
  while (low < high) {
    const middle = (low + high) >> 1;
    if (curve.secondsAt(middle) <= seconds) high = middle;
    else low = middle + 1;
  }
  return curve.valueAt(low);
}
