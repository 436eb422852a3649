// Counters of a session by name: every sample of the last minutes, one a second of the last hours, bounded in bytes; values and rates at any kept instant.
import { Decimation } from './decimation.ts';
import { rateBetween } from './series.ts';
import { type SamplePlace, type SeriesBlock, SeriesLayout, SeriesTier } from './series-block.ts';
import type { TimePoints, TimeRange } from './time-store.ts';

/** How much a history keeps. Half of the bytes are for every sample, half for one a second. */
export interface SeriesLimits {
  readonly fineSeconds: number;
  readonly coarseSeconds: number;
  readonly maximumBytes: number;
  /** More time between two samples than this is a gap in a line. */
  readonly gapSeconds: number;
}

// Rates are taken over about a second, so that one late sample does not make a figure jump. A little less, so that of ten samples a second it is
// always ten, however they are delayed: a counter that is read once a second would else be seen twice in some seconds, and not at all in others.
const rateSeconds = 0.95;
const fineBlockSamples = 256;
const coarseBlockSamples = 512;

/** A part of a block. */
interface Stretch {
  readonly block: SeriesBlock;
  readonly first: number;
  /** One behind the last. */
  readonly end: number;
}

/** Takes samples in the order of time. Rows are known by their keys, so a row goes on through samples of another layout. */
export class SeriesHistory {
  readonly #limits: SeriesLimits;
  readonly #fine: SeriesTier;
  readonly #coarse: SeriesTier;
  #layout = new SeriesLayout([]);
  #newestSeconds = Number.NaN;

  constructor(limits: SeriesLimits) {
    this.#limits = limits;
    const maximumBytes = limits.maximumBytes / 2;
    this.#fine = new SeriesTier({ blockSamples: fineBlockSamples, maximumSeconds: limits.fineSeconds, maximumBytes });
    this.#coarse = new SeriesTier({ blockSamples: coarseBlockSamples, maximumSeconds: limits.coarseSeconds, maximumBytes });
  }

  get limits(): SeriesLimits {
    return this.#limits;
  }

  /** What the next samples consist of. */
  get keys(): readonly string[] {
    return this.#layout.keys;
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.#fine.bytes + this.#coarse.bytes;
  }

  /** Instant of the newest sample; NaN before the first. */
  get newestSeconds(): number {
    return this.#newestSeconds;
  }

  /** The oldest kept instant; NaN before the first. */
  get oldestSeconds(): number {
    return Math.min(this.#coarse.oldestSeconds, this.#fine.oldestSeconds);
  }

  /** From when on every sample is kept. */
  get fineFromSeconds(): number {
    return this.#fine.oldestSeconds;
  }

  /** Says what the next samples consist of. */
  setKeys(keys: readonly string[]): void {
    const now = this.#layout.keys;
    if (now.length === keys.length && now.every((key, index) => key === keys[index])) return;
    this.#layout = new SeriesLayout(keys);
  }

  /** Takes a sample, values in the order of the keys; false when it is not newer than what is kept. */
  append(seconds: number, values: ArrayLike<number>): boolean {
    if (seconds <= this.#newestSeconds) return false;
    const isNewSecond = Math.floor(seconds) !== Math.floor(this.#newestSeconds);
    this.#newestSeconds = seconds;
    this.#fine.append(this.#layout, seconds, values);
    if (isNewSecond) this.#coarse.append(this.#layout, seconds, values);
    return true;
  }

  /** Forgets the samples. */
  clear(): void {
    this.#fine.clear();
    this.#coarse.clear();
    this.#newestSeconds = Number.NaN;
  }

  /** The instant of the last sample that is not after this one, or null when none is kept. */
  instantAt(seconds: number): number | null {
    const place = this.#placeAt(seconds);
    return place ? place.block.secondsOf(place.at) : null;
  }

  /** The instant of the sample that is `age` samples older than the last one that is not after `seconds`; null when not every sample is kept so far back. */
  instantBefore(seconds: number, age: number): number | null {
    const { blocks } = this.#fine;
    let left = age;
    for (let index = blocks.length - 1; index >= 0; index -= 1) {
      const block = blocks[index];
      if (!block || block.firstSeconds > seconds) continue;
      const at = block.indexAt(seconds);
      if (at >= left) return block.secondsOf(at - left);
      left -= at + 1;
    }
    return null;
  }

  /** A counter at an instant, as the last sample before it had it; null when that is not kept. */
  valueAt(key: string, seconds: number): number | null {
    const place = this.#placeAt(seconds);
    if (!place) return null;
    const value = place.block.valueOf(place.at, place.block.layout.columnOf(key));
    return Number.isNaN(value) ? null : value;
  }

  /** Change per second of a counter at an instant, over about the second before it. */
  rateAt(key: string, seconds: number): number | null {
    const now = this.#placeAt(seconds);
    if (!now) return null;
    const nowSeconds = now.block.secondsOf(now.at);
    const before = this.#placeAt(nowSeconds - rateSeconds) ?? this.#first();
    const after = now.block.valueOf(now.at, now.block.layout.columnOf(key));
    const earlier = before ? before.block.valueOf(before.at, before.block.layout.columnOf(key)) : Number.NaN;
    if (!before || Number.isNaN(after) || Number.isNaN(earlier)) return null;
    return rateBetween(earlier, after, nowSeconds - before.block.secondsOf(before.at));
  }

  /** Values of a counter, or the sum of several, over a stretch: two points a pixel at the most, extremes kept. */
  values(keys: readonly string[], range: TimeRange, pixels: number): TimePoints {
    const kept = new Decimation(range, pixels);
    this.#sums(keys, range, 0, (seconds, value) => kept.add(seconds, value));
    return kept.end();
  }

  /** Rates of a counter, or of the sum of several, over a stretch: two points a pixel at the most, extremes kept. */
  rates(keys: readonly string[], range: TimeRange, pixels: number): TimePoints {
    const kept = new Decimation(range, pixels);
    // The samples of about the last second, oldest first; the front is where the rate is taken from.
    let recent: { seconds: number; value: number }[] = [];
    let front = 0;
    this.#sums(keys, range, rateSeconds * 2, (seconds, value) => {
      if (value === null) {
        recent = [];
        front = 0;
        kept.add(seconds, null);
        return;
      }
      recent.push({ seconds, value });
      while (front + 1 < recent.length - 1 && seconds - (recent[front + 1]?.seconds ?? 0) >= rateSeconds) front += 1;
      const before = recent[front];
      if (before && recent.length > 1 && seconds >= range.from - this.#limits.gapSeconds)
        kept.add(seconds, rateBetween(before.value, value, seconds - before.seconds));
      if (front > 64) {
        recent = recent.slice(front);
        front = 0;
      }
    });
    return kept.end();
  }

  /** Tells the sum of rows for each sample of a stretch and the ones just outside; null where none of them was counted, and in a gap. */
  #sums(keys: readonly string[], { from, to }: TimeRange, before: number, tell: (seconds: number, sum: number | null) => void): void {
    let last = Number.NaN;
    let known = '';
    for (const { block, first, end } of this.#stretches(from - before, to)) {
      const columns = keys.map((key) => block.layout.columnOf(key));
      // Another set of rows sums up to something else: no rate leads from one to the other.
      const counted = columns.map((column) => (column < 0 ? '-' : '+')).join('');
      const found = columns.filter((column) => column >= 0);
      if (known !== '' && counted !== known) tell(block.secondsOf(first) - 1e-6, null);
      known = counted;
      if (found.length === 0) continue;
      for (let at = first; at < end; at += 1) {
        const seconds = block.secondsOf(at);
        if (seconds - last > this.#limits.gapSeconds) tell((seconds + last) / 2, null);
        last = seconds;
        let sum = 0;
        for (const column of found) sum += block.valueOf(at, column);
        tell(seconds, Number.isNaN(sum) ? null : sum);
      }
    }
  }

  /** The kept samples of a stretch, one more at either side, in order: one a second, then every one. */
  #stretches(from: number, to: number): Stretch[] {
    const found: Stretch[] = [];
    let before: Stretch | null = null;
    for (const { block, end } of this.#parts()) {
      if (block.secondsOf(end - 1) < from) {
        before = { block, first: end - 1, end };
      } else if (block.firstSeconds > to) {
        found.push({ block, first: 0, end: 1 });
        break;
      } else {
        const at = block.indexAt(from);
        if (at >= 0) before = null;
        const after = Math.min(end, block.indexAt(to) + 2);
        found.push({ block, first: Math.max(0, at), end: after });
        if (after < end) break;
      }
    }
    return before ? [before, ...found] : found;
  }

  /** All kept samples: of the coarse ones those that are older than the fine ones. */
  *#parts(): Iterable<{ readonly block: SeriesBlock; readonly end: number }> {
    const fineFrom = this.#fine.oldestSeconds;
    for (const block of this.#coarse.blocks) {
      const end = block.indexAt(fineFrom - 1e-9) + 1;
      if (end > 0) yield { block, end };
      if (end < block.length) break;
    }
    for (const block of this.#fine.blocks) yield { block, end: block.length };
  }

  #placeAt(seconds: number): SamplePlace | null {
    return seconds >= this.#fine.oldestSeconds ? this.#fine.at(seconds) : this.#coarse.at(seconds);
  }

  #first(): SamplePlace | null {
    const block = this.#coarse.blocks[0] ?? this.#fine.blocks[0];
    return block && block.length > 0 ? { block, at: 0 } : null;
  }
}
