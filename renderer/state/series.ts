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

/** Change per second from one value of a counter to a later one; null where the counter started anew or no time passed. */
export function rateBetween(before: number, after: number, seconds: number): number | null {
  return seconds > 0 && after >= before ? (after - before) / seconds : null;
}

/**
 * Change a second of a counter up to its newest point, or to the newest that is not later than `untilSeconds`, over about `overSeconds`;
 * null where it was reset or is seen for the first time.
 */
export function rateOfSeries(counter: Curve, overSeconds = 1, untilSeconds: number | null = null): number | null {
  return rateAtAge(counter, untilSeconds === null ? 0 : ageAtSeconds(counter, untilSeconds), overSeconds);
}

/** The same up to the point of an age. */
export function rateAtAge(counter: Curve, newest: number, overSeconds: number): number | null {
  const now = counter.secondsAt(newest);
  let age = newest + 1;
  while (age + 1 < counter.length && now - counter.secondsAt(age) < overSeconds) age += 1;
  if (age >= counter.length) return null;
  return rateBetween(counter.valueAt(age), counter.valueAt(newest), now - counter.secondsAt(age));
}

/** The value of a curve at an instant: that of the newest point that is not later; NaN before the first. */
export const valueAtSeconds = (curve: Curve, seconds: number): number => curve.valueAt(ageAtSeconds(curve, seconds));

/** The age of the newest point that is not later than an instant; the curve's length where all are later. */
export function ageAtSeconds(curve: Pick<Curve, 'length' | 'secondsAt'>, seconds: number): number {
  let low = 0;
  let high = curve.length;
  // The first age whose point is not later than the instant; ages run from the newest to the oldest.
  while (low < high) {
    const middle = (low + high) >> 1;
    if (curve.secondsAt(middle) <= seconds) high = middle;
    else low = middle + 1;
  }
  return low;
}
