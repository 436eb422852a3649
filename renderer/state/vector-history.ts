// A minute of what samples tell by CPU: interrupts of each vector, softirqs, and how long each ksoftirqd ran. One ring of doubles, a slot a sample.
import type { Sample } from '#common/layouts/sample.ts';
import type { FrameLoop } from './frame-loop.ts';
import type { SampleTable } from './sample-history.ts';
import { ageAtSeconds, rateAtAge, rateBetween } from './series.ts';
import { Source } from './source.ts';
import { secondsOf, type TimePoints, type TimeRange } from './time-store.ts';

/** How far back it goes, in seconds. */
export const keptSeconds = 60;
// 16 MiB at the most. A machine with so many CPUs and vectors that a minute of all samples has no room keeps every second one, or fewer.
const mostCells = 2 * 1024 * 1024;
const mostSlots = 600;
const fewestSlots = 20;
const rateSeconds = 1;
// A thread's time is read once a second: over less than some of those its share would jump.
const shareSeconds = 5;

/** Rows of one table; another table starts anew, since its rows mean something else. */
export class VectorHistory extends Source {
  #table: SampleTable | null = null;
  #cpus = 0;
  #width = 0;
  #threads: readonly { readonly cpu: number; readonly counter: number }[] = [];
  #slots = 0;
  #length = 0;
  #next = 0;
  #seconds = new Float64Array(0);
  #cells = new Float64Array(0);

  constructor(loop: FrameLoop) {
    super(loop);
  }

  /** What the rows mean, or null before the first table. It is another object only when it says something else. */
  get table(): SampleTable | null {
    return this.#table;
  }

  /** Samples kept now. */
  get length(): number {
    return this.#length;
  }

  /** Takes the names of the rows that come next. */
  setTable(table: SampleTable): void {
    if (this.#table && JSON.stringify(this.#table) === JSON.stringify(table)) return;
    this.#table = table;
    this.#cpus = table.cpus.length;
    this.#threads = table.counters.flatMap(({ source, name }, counter) => {
      const cpu = table.cpus.indexOf(Number(name.split('/')[1]));
      return source === 'ksoftirqd' && cpu >= 0 ? [{ cpu, counter }] : [];
    });
    this.#width = (table.vectors.length + table.softirqs.length) * this.#cpus + this.#threads.length;
    this.#slots = Math.min(mostSlots, Math.max(fewestSlots, Math.floor(mostCells / Math.max(1, this.#width))));
    this.#seconds = new Float64Array(this.#slots);
    this.#cells = new Float64Array(this.#slots * this.#width);
    this.clear();
  }

  /** Forgets the samples, not their names: another boot, or another instant of a recording. */
  clear(): void {
    this.#length = 0;
    this.#next = 0;
    this.changed();
  }

  /** Takes a sample; false when it belongs to no known table, or is not newer than what is kept. */
  add(sample: Sample): boolean {
    const table = this.#table;
    const seconds = secondsOf(sample.timeNs);
    if (!table || sample.tableId !== table.tableId || sample.cpuCount !== this.#cpus) return false;
    if (this.#length > 0 && seconds <= this.secondsAt(0)) return false;
    // The newest sample always has a slot; it gives it up to the next one where there are too few for all.
    const spacing = keptSeconds / this.#slots;
    const isCrowded = this.#slots < mostSlots && this.#length > 1 && this.secondsAt(0) - this.secondsAt(1) < spacing;
    if (isCrowded) this.#next = (this.#next - 1 + this.#slots) % this.#slots;
    else this.#length = Math.min(this.#length + 1, this.#slots);
    this.#seconds[this.#next] = seconds;
    let at = this.#next * this.#width;
    for (const cell of sample.vectors) this.#cells[at++] = Number(cell);
    for (const cell of sample.softirqs) this.#cells[at++] = Number(cell);
    for (const { counter } of this.#threads) this.#cells[at++] = Number(sample.counters[counter] ?? 0n);
    this.#next = (this.#next + 1) % this.#slots;
    this.changed();
    return true;
  }

  /** Seconds since boot of the sample that is `age` samples old; NaN when it is not kept. */
  secondsAt(age: number): number {
    return age < this.#length ? (this.#seconds[this.#slot(age)] ?? Number.NaN) : Number.NaN;
  }

  /** The age of the newest sample that is not later than an instant; that of the oldest where all are later. */
  ageAt(seconds: number): number {
    return Math.max(0, Math.min(this.#length - 1, ageAtSeconds(this, seconds)));
  }

  /** Interrupts of a vector on one CPU, or on all for null; NaN when nothing is kept. `cpu` is a column of the table. */
  vectorCount(row: number, cpu: number | null, age = 0): number {
    return this.#count(row, cpu, age);
  }

  /** Interrupts a second of a vector, over about the second before. */
  vectorRate(row: number, cpu: number | null, age = 0): number | null {
    return this.#rate(age, rateSeconds, (at) => this.#count(row, cpu, at));
  }

  /** Interrupts a second of a vector on all CPUs between two instants, as near as there are samples. */
  vectorRateBetween(row: number, fromSeconds: number, toSeconds: number): number | null {
    const [older, newer] = [this.ageAt(fromSeconds), this.ageAt(toSeconds)];
    if (older <= newer || this.#length === 0 || this.secondsAt(older) > fromSeconds) return null;
    return rateBetween(this.#count(row, null, older), this.#count(row, null, newer), this.secondsAt(newer) - this.secondsAt(older));
  }

  /** Softirqs a second of a kind on a CPU. */
  softirqRate(row: number, cpu: number, age = 0): number | null {
    const vectors = this.#table?.vectors.length ?? 0;
    return this.#rate(age, rateSeconds, (at) => this.#count(vectors + row, cpu, at));
  }

  /** The share of a CPU that its ksoftirqd had over the last seconds, 0 to 1; null when the agent does not see the thread. */
  ksoftirqdShare(cpu: number, age = 0): number | null {
    const thread = this.#threads.findIndex((one) => one.cpu === cpu);
    if (thread < 0) return null;
    const column = this.#width - this.#threads.length + thread;
    const runNs = this.#rate(age, shareSeconds, (at) => this.#cells[this.#slot(at) * this.#width + column] ?? Number.NaN);
    return runNs === null ? null : Math.min(1, runNs / 1e9);
  }

  /** Interrupts a second of a vector within a stretch, oldest first, about two points a pixel. */
  vectorRates(row: number, { from, to }: TimeRange, pixels: number): TimePoints {
    const oldest = Math.min(this.#length - 1, this.ageAt(from) + 1);
    const newest = Math.max(0, this.ageAt(to) - 1);
    const step = Math.max(1, Math.floor((oldest - newest) / Math.max(1, 2 * pixels)));
    const points = { seconds: [] as number[], values: [] as (number | null)[] };
    for (let age = oldest; age >= newest && this.#length > 1; age -= step) {
      points.seconds.push(this.secondsAt(age));
      points.values.push(this.vectorRate(row, null, age));
    }
    return points;
  }

  #count(row: number, cpu: number | null, age: number): number {
    if (age >= this.#length) return Number.NaN;
    const at = this.#slot(age) * this.#width + row * this.#cpus;
    if (cpu !== null) return this.#cells[at + cpu] ?? Number.NaN;
    let total = 0;
    for (let column = 0; column < this.#cpus; column += 1) total += this.#cells[at + column] ?? 0;
    return total;
  }

  #rate(age: number, over: number, countAt: (age: number) => number): number | null {
    return rateAtAge({ length: this.#length, secondsAt: (at) => this.secondsAt(at), valueAt: countAt }, age, over);
  }

  #slot(age: number): number {
    return (this.#next - 1 - age + 2 * this.#slots) % this.#slots;
  }
}
