// Durations as numbers that say how they are spread: quantiles that are exact, and buckets of powers of two.

/** How durations are spread; all in nanoseconds. */
export interface DurationSpread {
  readonly count: number;
  /** Null without a duration. */
  readonly p50Ns: number | null;
  readonly p99Ns: number | null;
  readonly maxNs: number | null;
  /** Bucket N counts durations of at least `2^N` ns and less than `2^(N+1)`; the first counts those of 0 ns too. It ends with the last bucket that counts any. */
  readonly buckets: readonly number[];
}

/** The bucket of a duration. Counted in bits, since a logarithm rounds just below a power of two. */
export function bucketOf(ns: number): number {
  if (ns < 2) return 0;
  return ns < 2 ** 32 ? 31 - Math.clz32(ns) : 63 - Math.clz32(ns / 2 ** 32);
}

/** The value of which a part of all is not larger, by the nearest rank. */
function quantile(sorted: Float64Array, part: number): number | null {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? null;
}

/** Spreads durations. What is below 0 was measured across CPUs whose clocks differ, and counts as 0. */
export function spreadOf(durations: Iterable<number>): DurationSpread {
  const sorted = Float64Array.from(durations, (ns) => Math.max(0, ns)).sort();
  const buckets: number[] = [];
  for (const ns of sorted) {
    const bucket = bucketOf(ns);
    while (buckets.length <= bucket) buckets.push(0);
    buckets[bucket] = (buckets[bucket] ?? 0) + 1;
  }
  return { count: sorted.length, p50Ns: quantile(sorted, 0.5), p99Ns: quantile(sorted, 0.99), maxNs: sorted.at(-1) ?? null, buckets };
}
