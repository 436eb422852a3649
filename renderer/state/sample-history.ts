// The session's samples: counters and interrupt totals at any kept instant, and the newest sample whole.
import type { Sample } from '#common/layouts/sample.ts';
import type { EventOf } from '#common/protocol.ts';
import type { FrameLoop } from './frame-loop.ts';
import { SeriesHistory, type SeriesLimits } from './series-history.ts';
import { Source } from './source.ts';
import { secondsOf, type TimePoints, type TimeRange } from './time-store.ts';

export { rateBetween } from './series.ts';

/** What names the rows of a sample. */
export type SampleTable = EventOf<'table'>;

/** Every sample of ten minutes, one a second of six hours, and 32 MB at the most: with very many rows they reach less far. */
export const sampleLimits: SeriesLimits = {
  fineSeconds: 600,
  coarseSeconds: 6 * 3600,
  maximumBytes: 32 * 1024 * 1024,
  // Two samples that were left out in between are not seen; more are.
  gapSeconds: 3,
};

/** What `hz` is counted over. */
const rateSeconds = 1;

/** Names a counter through every table. */
export const counterKey = ({ source, interface: name, name: counter }: SampleTable['counters'][number]): string =>
  `${source} ${name} ${counter}`;

/** Names the interrupts of a vector on all CPUs through every table. */
export const vectorKey = ({ irq, name }: Pick<SampleTable['vectors'][number], 'irq' | 'name'>): string => `irq ${irq} ${name}`;

const totalOf = (cells: BigUint64Array, row: number, cpus: number): number => {
  let sum = 0;
  for (let cpu = 0; cpu < cpus; cpu += 1) sum += Number(cells[row * cpus + cpu] ?? 0n);
  return sum;
};

interface NamedRows {
  readonly table: SampleTable;
  readonly counterKeys: readonly string[];
  readonly vectorKeys: readonly string[];
}

/**
 * Takes samples of one table after another; rows of the same name go on. What is asked for without an instant is that of the newest sample,
 * or of the instant at which the screen stands (`standAt`).
 */
export class SampleHistory extends Source {
  readonly #series: SeriesHistory;
  #rows: NamedRows | null = null;
  #values = new Float64Array(0);
  #recent: Sample[] = [];
  #standsAt: number | null = null;
  #standing: { readonly sample: Sample | null; readonly rows: NamedRows | null } | null = null;
  #length = 0;

  constructor(loop: FrameLoop, limits: SeriesLimits = sampleLimits) {
    super(loop);
    this.#series = new SeriesHistory(limits);
  }

  /** What the rows mean, or null before the first table; while the screen stands, the table of then. */
  get table(): SampleTable | null {
    return this.#shownRows?.table ?? null;
  }

  /** Samples that came since it was cleared; those of the last minutes are kept whole. */
  get length(): number {
    return this.#length;
  }

  /** The newest sample; while the screen stands, the one that was newest then. */
  get newest(): Sample | null {
    return this.#standing ? this.#standing.sample : (this.#recent.at(-1) ?? null);
  }

  /** Samples a second as they come in; 0 before there are two. */
  get hz(): number {
    return this.#recent.length > 1 ? (this.#recent.length - 1) / this.#secondsOfRecent() : 0;
  }

  /** Rows by name and instant, for ranges and for tables of another instant. */
  get series(): SeriesHistory {
    return this.#series;
  }

  /** The instant that is shown, in seconds since boot; NaN before the first sample. */
  get shownSeconds(): number {
    return this.#standsAt ?? this.#series.newestSeconds;
  }

  /** Shows an instant instead of the newest; null goes on. Samples are taken all the same. */
  standAt(seconds: number | null): void {
    if (seconds === null) this.#standing = null;
    else this.#standing ??= { sample: this.#recent.at(-1) ?? null, rows: this.#rows };
    if (this.#standsAt === seconds) return;
    this.#standsAt = seconds;
    this.shownOtherwise();
  }

  /** Takes the names of the rows that come next. */
  setTable(table: SampleTable): void {
    if (this.#rows && JSON.stringify(this.#rows.table) === JSON.stringify(table)) return;
    this.#rows = { table, counterKeys: table.counters.map(counterKey), vectorKeys: table.vectors.map(vectorKey) };
    this.#series.setKeys([...this.#rows.counterKeys, ...this.#rows.vectorKeys]);
    this.#values = new Float64Array(this.#series.keys.length);
    // Their cells are those of the table before.
    this.#recent = [];
    this.changed();
  }

  /** Forgets the samples, not their names: another boot, or another instant of a recording. */
  clear(): void {
    this.#series.clear();
    this.#recent = [];
    if (this.#standing) this.#standing = { sample: null, rows: this.#rows };
    this.#length = 0;
    this.changed();
  }

  /** Takes a sample; false when it belongs to no known table, or is not newer than what is kept. */
  add(sample: Sample): boolean {
    const table = this.#rows?.table;
    if (!table || sample.tableId !== table.tableId || sample.counters.length !== table.counters.length) return false;
    const counters = table.counters.length;
    for (let index = 0; index < counters; index += 1) this.#values[index] = Number(sample.counters[index]);
    for (let row = 0; row < table.vectors.length; row += 1) this.#values[counters + row] = totalOf(sample.vectors, row, sample.cpuCount);
    if (!this.#series.append(secondsOf(sample.timeNs), this.#values)) return false;
    this.#recent.push(sample);
    while (this.#recent.length > 2 && this.#secondsOfRecent() > rateSeconds * 1.5) this.#recent.shift();
    this.#length += 1;
    this.changed();
    return true;
  }

  /** Seconds since boot of the sample that is `age` samples older than the shown one. */
  secondsAt(age: number): number {
    return this.#series.instantBefore(this.shownSeconds, age) ?? Number.NaN;
  }

  /** A counter of the table in the sample that is `age` samples older than the shown one; NaN when that is not kept. */
  counterAt(counter: number, age: number): number {
    return this.valueAt(this.#shownRows?.counterKeys[counter] ?? '', this.secondsAt(age)) ?? Number.NaN;
  }

  /** Change per second of a counter of the table, over about the second before the sample that is `age` samples older than the shown one. */
  counterRate(counter: number, age = 0): number | null {
    return this.rateAt(this.#shownRows?.counterKeys[counter] ?? '', this.secondsAt(age));
  }

  /** A counter by its key (`counterKey`, `vectorKey`) at an instant; null when that is not kept. */
  valueAt(key: string, seconds: number): number | null {
    return this.#series.valueAt(key, seconds);
  }

  /** Change per second of a counter by its key, over about the second before an instant. */
  rateAt(key: string, seconds: number): number | null {
    return this.#series.rateAt(key, seconds);
  }

  /** Rates of a counter, or of the sum of several, over a stretch: two points a pixel at the most, extremes kept. */
  rates(keys: readonly string[], range: TimeRange, pixels: number): TimePoints {
    return this.#series.rates(keys, range, pixels);
  }

  /** Interrupts of a vector of the table on all CPUs, or null before the first sample. */
  vectorTotal(row: number): number | null {
    return this.valueAt(this.#shownRows?.vectorKeys[row] ?? '', this.shownSeconds);
  }

  /** Interrupts of a vector on one CPU; null at an instant that is scrolled back to, since only the newest sample is kept whole. */
  vectorCount(row: number, cpu: number): number | null {
    const { newest } = this;
    return newest && secondsOf(newest.timeNs) <= this.shownSeconds ? Number(newest.vectors[row * newest.cpuCount + cpu] ?? 0n) : null;
  }

  /** Interrupts a second of a vector of the table, over about the last second. */
  vectorRate(row: number): number | null {
    return this.rateAt(this.#shownRows?.vectorKeys[row] ?? '', this.shownSeconds);
  }

  get #shownRows(): NamedRows | null {
    return this.#standing ? this.#standing.rows : this.#rows;
  }

  #secondsOfRecent(): number {
    const first = this.#recent[0];
    const last = this.#recent.at(-1);
    return first && last ? Number(last.timeNs - first.timeNs) / 1e9 : 0;
  }
}
