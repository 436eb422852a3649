// Fewer points for a line that has more than pixels: of each pixel's points the lowest and the highest stay, so that no peak is lost.
import type { TimePoints, TimeRange } from './time-store.ts';

/** Takes points in the order of time and keeps at most three for each pixel: its lowest, its highest, and a gap. */
export class Decimation {
  readonly #seconds: number[] = [];
  readonly #values: (number | null)[] = [];
  readonly #pixelSeconds: number;
  #pixel = Number.NaN;
  #lowAt = Number.NaN;
  #low = Number.NaN;
  #highAt = Number.NaN;
  #high = Number.NaN;
  #gapAt = Number.NaN;

  constructor({ from, to }: TimeRange, pixels: number) {
    this.#pixelSeconds = Math.max((to - from) / Math.max(1, pixels), 1e-9);
  }

  /** Takes a point; null is a gap. */
  add(seconds: number, value: number | null): void {
    // Pixels lie on a grid of their own from boot on: the same points stay while the window moves over them.
    const pixel = Math.floor(seconds / this.#pixelSeconds);
    if (pixel !== this.#pixel) {
      this.#flush();
      this.#pixel = pixel;
    }
    if (value === null) {
      this.#gapAt = seconds;
      return;
    }
    if (Number.isNaN(this.#low) || value < this.#low) {
      this.#low = value;
      this.#lowAt = seconds;
    }
    if (Number.isNaN(this.#high) || value >= this.#high) {
      this.#high = value;
      this.#highAt = seconds;
    }
  }

  /** What was kept. */
  end(): TimePoints {
    this.#flush();
    return { seconds: this.#seconds, values: this.#values };
  }

  #flush(): void {
    if (!Number.isNaN(this.#low)) {
      const isLowFirst = this.#lowAt <= this.#highAt;
      this.#put(isLowFirst ? this.#lowAt : this.#highAt, isLowFirst ? this.#low : this.#high);
      if (this.#lowAt !== this.#highAt) this.#put(isLowFirst ? this.#highAt : this.#lowAt, isLowFirst ? this.#high : this.#low);
    }
    // A gap is told once, after the pixel's points: within a pixel nobody sees where it was.
    const isNew = this.#values.length > 0 && this.#values.at(-1) !== null;
    if (!Number.isNaN(this.#gapAt) && isNew) this.#put(Math.max(this.#gapAt, (this.#seconds.at(-1) ?? 0) + 1e-6), null);
    this.#low = Number.NaN;
    this.#high = Number.NaN;
    this.#lowAt = Number.NaN;
    this.#highAt = Number.NaN;
    this.#gapAt = Number.NaN;
  }

  #put(seconds: number, value: number | null): void {
    this.#seconds.push(seconds);
    this.#values.push(value);
  }
}
