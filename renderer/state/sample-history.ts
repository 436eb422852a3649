// The kept minute of samples: one ring of doubles a counter, and the newest second of interrupt counts.
import type { Sample } from '#common/layouts/sample.ts';
import type { EventOf } from '#common/protocol.ts';
import type { FrameLoop } from './frame-loop.ts';
import { Source } from './source.ts';

/** What names the rows of a sample. */
export type SampleTable = EventOf<'table'>;

/** Samples that are kept: a minute at 10 Hz. */
export const historyCapacity = 600;

// Rates are taken over about a second, so that one late sample does not make a figure jump.
const rateSeconds = 1;

/** Change per second from one value to a later one; null where the counter started anew or no time passed. */
export function rateBetween(before: number, after: number, seconds: number): number | null {
  return seconds > 0 && after >= before ? (after - before) / seconds : null;
}

const total = (cells: BigUint64Array, row: number, cpus: number): number => {
  let sum = 0;
  for (let cpu = 0; cpu < cpus; cpu += 1) sum += Number(cells[row * cpus + cpu] ?? 0n);
  return sum;
};

/** Samples of one table; another table starts anew, since its rows mean something else. */
export class SampleHistory extends Source {
  #table: SampleTable | null = null;
  #length = 0;
  #next = 0;
  #hz = 0;
  readonly #seconds = new Float64Array(historyCapacity);
  #counters = new Float64Array(0);
  #recent: Sample[] = [];

  constructor(loop: FrameLoop) {
    super(loop);
  }

  /** What the rows mean, or null before the first table. */
  get table(): SampleTable | null {
    return this.#table;
  }

  /** Samples kept now. */
  get length(): number {
    return this.#length;
  }

  /** The newest sample. */
  get newest(): Sample | null {
    return this.#recent.at(-1) ?? null;
  }

  /** Samples a second as they came in over the last second; 0 before there are two. */
  get hz(): number {
    return this.#hz;
  }

  /** Takes the names of the rows that come next. */
  setTable(table: SampleTable): void {
    if (this.#table && JSON.stringify(this.#table) === JSON.stringify(table)) return;
    this.#table = table;
    this.#counters = new Float64Array(historyCapacity * table.counters.length);
    this.#length = 0;
    this.#next = 0;
    this.#recent = [];
    this.#hz = 0;
    this.changed();
  }

  /** Forgets the samples, not their names: another boot, or another instant of a recording. */
  clear(): void {
    this.#length = 0;
    this.#next = 0;
    this.#recent = [];
    this.#hz = 0;
    this.changed();
  }

  /** Takes a sample; false when it belongs to no known table, or is not newer than what is kept. */
  add(sample: Sample): boolean {
    const table = this.#table;
    if (!table || sample.tableId !== table.tableId || sample.counters.length !== table.counters.length) return false;
    const newest = this.newest;
    if (newest && sample.timeNs <= newest.timeNs) return false;
    this.#seconds[this.#next] = Number(sample.timeNs) / 1e9;
    const at = this.#next * table.counters.length;
    for (let index = 0; index < table.counters.length; index += 1) this.#counters[at + index] = Number(sample.counters[index]);
    this.#next = (this.#next + 1) % historyCapacity;
    this.#length = Math.min(this.#length + 1, historyCapacity);
    this.#recent.push(sample);
    while (this.#recent.length > 2 && this.#secondsOfRecent() > rateSeconds * 1.5) this.#recent.shift();
    this.#hz = this.#recent.length > 1 ? (this.#recent.length - 1) / this.#secondsOfRecent() : 0;
    this.changed();
    return true;
  }

  /** Seconds since boot of the sample that is `age` samples old. */
  secondsAt(age: number): number {
    return this.#seconds[this.#slot(age)] ?? Number.NaN;
  }

  /** A counter in the sample that is `age` samples old (0 is the newest); NaN when nothing is kept. */
  counterAt(counter: number, age: number): number {
    if (age >= this.#length) return Number.NaN;
    return this.#counters[this.#slot(age) * (this.#table?.counters.length ?? 0) + counter] ?? Number.NaN;
  }

  /** Change per second of a counter at the sample that is `age` samples old, over about a second before it. */
  counterRate(counter: number, age = 0): number | null {
    if (age + 1 >= this.#length) return null;
    const now = this.secondsAt(age);
    let older = age + 1;
    while (older + 1 < this.#length && now - this.secondsAt(older) < rateSeconds) older += 1;
    return rateBetween(this.counterAt(counter, older), this.counterAt(counter, age), now - this.secondsAt(older));
  }

  /** Interrupts of a vector on all CPUs, or null before the first sample. */
  vectorTotal(row: number): number | null {
    const newest = this.newest;
    return newest ? total(newest.vectors, row, newest.cpuCount) : null;
  }

  /** Interrupts of a vector on one CPU. */
  vectorCount(row: number, cpu: number): number | null {
    const newest = this.newest;
    return newest ? Number(newest.vectors[row * newest.cpuCount + cpu] ?? 0n) : null;
  }

  /** Interrupts a second of a vector, over about the last second. */
  vectorRate(row: number): number | null {
    const first = this.#recent[0];
    const last = this.newest;
    if (!first || !last || first === last) return null;
    return rateBetween(total(first.vectors, row, first.cpuCount), total(last.vectors, row, last.cpuCount), this.#secondsOfRecent());
  }

  #secondsOfRecent(): number {
    const first = this.#recent[0];
    const last = this.newest;
    return first && last ? Number(last.timeNs - first.timeNs) / 1e9 : 0;
  }

  #slot(age: number): number {
    return (this.#next - 1 - age + 2 * historyCapacity) % historyCapacity;
  }
}
