// What a scenario is, what it finds, and what of that is a failure.
import type { Bench, CounterVerdict, Memory } from './bench.ts';

/** A page: a scenario that loses one a cycle loses something every cycle. */
const pageKib = 4;
/** What comes and goes by itself between two readings of the guest's memory. */
const noiseKib = 3072;

/** What a scenario is run with. */
export interface Run {
  readonly bench: Bench;
  /** Cycles, or changes. */
  readonly count: number;
  readonly seed: number;
  /** Called now and then with how many are done. */
  readonly onProgress?: (done: number) => void;
}

/** What a scenario found. */
export interface Findings {
  /** Cycles or changes done. */
  readonly count: number;
  readonly seed: number;
  readonly seconds: number;
  readonly counters: CounterVerdict;
  readonly complaints: readonly string[];
  /** Free memory after the first cycles and after the last, in the same state. */
  readonly before: Memory;
  readonly after: Memory;
  /** What was done how often. */
  readonly tally: ReadonlyMap<string, number>;
}

/** One scenario. `run` rejects when a step does not do what it should; the rest is in the findings. */
export interface Scenario {
  readonly name: string;
  /** What one of `count` is, in plural. */
  readonly unit: string;
  /** The count of the long form. */
  readonly longCount: number;
  /** Runs in the guest behind an IOMMU. */
  readonly isGuarded: boolean;
  readonly run: (run: Run) => Promise<Findings>;
}

/** The findings that are failures, one sentence each. */
export function failuresOf({ counters, complaints, before, after, count }: Findings): string[] {
  const limit = noiseKib + pageKib * count;
  const lost = before.available - after.available;
  const grown = after.unreclaimableSlab - before.unreclaimableSlab;
  return [
    ...complaints.map((line) => `The kernel complains: ${line}`),
    ...counters.backward.map((line) => `A counter went back: ${line}`),
    ...(counters.samples > 0 && counters.counters > 0 ? [] : ['No counter was read.']),
    ...(lost > limit ? [`${lost} KiB of memory are gone after ${count}, more than ${limit}.`] : []),
    ...(grown > limit ? [`The kernel’s slabs grew by ${grown} KiB in ${count}, more than ${limit}.`] : []),
  ];
}

/** Counts what was done. */
export class Tally extends Map<string, number> {
  count(what: string): void {
    this.set(what, (this.get(what) ?? 0) + 1);
  }
}

/** How many of `count` are done before free memory is taken as the measure: caches of the kernel fill in the first. */
export const warmUp = (count: number): number => Math.min(20, Math.ceil(count / 4));

/** `count` in pieces of at most `most`, after a first piece of `first`. */
export function pieces(count: number, first: number, most: number): number[] {
  const result = [Math.min(first, count)];
  for (let left = count - first; left > 0; left -= most) result.push(Math.min(left, most));
  return result;
}
