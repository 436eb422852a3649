// The panel without its pixels: what is filtered, marked, folded and selected. It outlives the panel's place on the screen.
import type { KernelLog } from '../../state/kernel-log.ts';
import { allRows, type LogCriteria, originAndLevel } from './log-criteria.ts';
import { NumberList } from './number-list.ts';
import { browserSlices, RowScan, type SliceClock } from './row-scan.ts';
import { RowSelection } from './row-selection.ts';
import { ShownRows } from './shown-rows.ts';
import { createTextMatcher, type TextMatcher } from './text-matcher.ts';
import { noSearch, patternOf, type SearchText, type TextPattern } from './text-pattern.ts';

/** How times are told: seconds since boot, the clock on the wall, or what passed since the row before. */
export type TimeMode = 'boot' | 'wall' | 'delta';

/** Why a field's text is of no use, beside that field. */
export interface SearchFault {
  readonly field: 'filter' | 'mark';
  readonly message: string;
}

/** New lines that still have to be tested are no news as long as they are few. */
const steadyShare = 0.9;

const tooSlow =
  'This expression takes longer than a second for some thousand lines and was stopped. Nested repetitions such as (a+)+ are the usual cause.';

/** Rows of the log as the panel shows them, with a version for React. */
export class LogView {
  readonly log: KernelLog;
  readonly matcher: TextMatcher;
  readonly selection: RowSelection;
  timeMode: TimeMode = 'boot';
  criteria: LogCriteria = allRows;
  mark: SearchText = noSearch;
  filterPattern: TextPattern | null = null;
  markPattern: TextPattern | null = null;
  /** The instant of the row that was chosen in this panel, so that it is not taken for another panel's. */
  chosenHereSeconds: number | null = null;
  /** The row that is to be scrolled to; another object for each time that it is asked for. */
  revealed: { readonly number: number } | null = null;
  readonly faults: Partial<Record<SearchFault['field'], string>> = {};
  /** Rows in which the marked words are found, of those that pass the filter. */
  hits = new NumberList();
  readonly #clock: SliceClock;
  readonly #listeners = new Set<() => void>();
  readonly #open = new Set<number>();
  #shown: ShownRows;
  #scan: RowScan;
  /** A changed filter's rows, until all are there: the list stays as it was so long. */
  #next: { shown: ShownRows; scan: RowScan } | null = null;
  #marking: RowScan | null = null;
  #version = 0;
  #generation: number;
  #seenEnd: number;
  #stop: (() => void) | null = null;

  constructor(log: KernelLog, matcher: TextMatcher = createTextMatcher(), clock: SliceClock = browserSlices) {
    this.log = log;
    this.matcher = matcher;
    this.#clock = clock;
    this.#generation = log.generation;
    this.#seenEnd = log.firstNumber;
    this.#shown = new ShownRows(log, this.#open);
    this.selection = new RowSelection(() => this.#shown.list);
    this.#scan = this.#scanInto(this.#shown);
  }

  readonly version = (): number => this.#version;

  /** Hears of changes. The log is followed while somebody listens. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#stop ??= this.log.subscribe(() => this.#logChanged());
    if (this.#seenEnd !== this.log.endNumber || this.#generation !== this.log.generation) this.#logChanged();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#stop?.();
      this.#stop = null;
    };
  };

  /** The rows of the list. */
  get shown(): ShownRows {
    return this.#shown;
  }

  /** The share that a changed filter has gone through; null when the list is up to date, or about to be with the next frame. */
  get progress(): number | null {
    if (this.#next) return this.#next.scan.progress;
    const { progress } = this.#scan;
    return progress < steadyShare ? progress : null;
  }

  /** Whether any row may be hidden. */
  get isFiltered(): boolean {
    const { maximumLevel, device, subsystem } = this.criteria;
    return maximumLevel < 7 || device !== null || subsystem !== null || this.filterPattern !== null;
  }

  /** Something that React reads changed. */
  changed(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }

  /** Narrows the log down anew. An expression that is no expression leaves the list as it is. */
  filter(change: Partial<LogCriteria>): void {
    this.criteria = { ...this.criteria, ...change };
    const pattern = patternOf(this.criteria.search);
    this.#fault('filter', pattern.ok ? null : pattern.error);
    if (pattern.ok) {
      this.filterPattern = pattern.value;
      this.#next?.scan.end();
      const shown = new ShownRows(this.log, this.#open);
      this.#next = { shown, scan: this.#scanInto(shown) };
      this.#next.scan.pump();
    }
    this.changed();
  }

  /** Marks words; the rows that have them can be stepped through. */
  markText(search: SearchText): void {
    this.mark = search;
    const pattern = patternOf(search);
    this.#fault('mark', pattern.ok ? null : pattern.error);
    if (pattern.ok) {
      this.markPattern = pattern.value;
      this.#markAnew();
    }
    this.changed();
  }

  setTimeMode(mode: TimeMode): void {
    this.timeMode = mode;
    this.changed();
  }

  /** Scrolls to a row of the list. */
  reveal(number: number): void {
    this.revealed = { number };
    this.changed();
  }

  /** Folds or unfolds a report. */
  toggle(report: number): void {
    this.#shown.toggle(report);
    this.changed();
  }

  /** The hit after (or before) the selected row, round the end; null when there is none. The report that hides it is opened. */
  step(direction: 1 | -1): number | null {
    const rows = this.markPattern ? this.hits : this.#shown.list;
    if (rows.length === 0) return null;
    const from = this.selection.focus;
    const index =
      from === null
        ? direction === 1
          ? 0
          : rows.length - 1
        : direction === 1
          ? rows.lowerBound(from + 1) % rows.length
          : (rows.lowerBound(from) - 1 + rows.length) % rows.length;
    const number = rows.at(index);
    const report = this.#shown.reportOf(number);
    if (this.#shown.standIn(number) !== number) this.#shown.toggle(report);
    this.selection.choose(number);
    this.changed();
    return number;
  }

  /** The row of the list that is nearest to an instant; null when the list is empty. */
  nearest(seconds: number): number | null {
    const { list } = this.#shown;
    if (list.length === 0) return null;
    const wantedUs = seconds * 1e6;
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.log.timeUs(list.at(middle)) < wantedUs) low = middle + 1;
      else high = middle;
    }
    const after = list.at(Math.min(low, list.length - 1));
    const before = list.at(Math.max(0, low - 1));
    return Math.abs(this.log.timeUs(before) - wantedUs) < Math.abs(this.log.timeUs(after) - wantedUs) ? before : after;
  }

  /** How many rows of the list are not later than an instant. */
  countUntil(seconds: number): number {
    const { list } = this.#shown;
    const nearest = this.nearest(seconds);
    if (nearest === null) return 0;
    return list.indexOf(nearest) + (this.log.timeUs(nearest) / 1e6 <= seconds ? 1 : 0);
  }

  /** Takes the filter away. */
  showAll(): void {
    this.filter(allRows);
  }

  #logChanged(): void {
    if (this.#generation !== this.log.generation) {
      this.#generation = this.log.generation;
      this.#open.clear();
      this.selection.clear();
      this.#restart();
    }
    this.#seenEnd = this.log.endNumber;
    this.#shown.trim();
    this.#next?.shown.trim();
    this.hits.dropBelow(this.log.firstNumber);
    this.#scan.pump();
    this.#next?.scan.pump();
    this.changed();
  }

  #restart(): void {
    this.#scan.end();
    this.#next?.scan.end();
    this.#next = null;
    this.#shown = new ShownRows(this.log, this.#open);
    this.#scan = this.#scanInto(this.#shown);
    this.#markAnew();
  }

  #scanInto(shown: ShownRows): RowScan {
    const scan: RowScan = new RowScan({
      log: this.log,
      matcher: this.matcher,
      clock: this.#clock,
      pattern: this.filterPattern,
      next: (from) => from,
      isCandidate: originAndLevel(this.log, this.criteria),
      // What is missing may be what was looked for.
      takesHoles: true,
      found: (number, report) => shown.add(number, report),
      progressed: (isTooSlow) => this.#filtered(scan, isTooSlow),
    });
    return scan;
  }

  #filtered(scan: RowScan, isTooSlow: boolean): void {
    if (isTooSlow) this.#fault('filter', tooSlow);
    if (this.#next?.scan === scan && isTooSlow) this.#next = null;
    if (this.#next?.scan === scan && scan.isDone) {
      this.#scan.end();
      this.#scan = scan;
      this.#shown = this.#next.shown;
      this.#next = null;
      this.#markAnew();
    }
    this.#marking?.pump();
    this.changed();
  }

  #markAnew(): void {
    this.#marking?.end();
    this.#marking = null;
    this.hits = new NumberList();
    if (!this.markPattern) return;
    const { passed } = this.#shown;
    const { hits } = this;
    this.#marking = new RowScan({
      log: this.log,
      matcher: this.matcher,
      clock: this.#clock,
      pattern: this.markPattern,
      next: (from) => {
        const number = passed.at(passed.lowerBound(from));
        return Number.isNaN(number) ? this.log.endNumber : number;
      },
      isCandidate: () => true,
      takesHoles: false,
      found: (number) => hits.add(number),
      progressed: (isTooSlow) => {
        if (isTooSlow) this.#fault('mark', tooSlow);
        this.changed();
      },
    });
    this.#marking.pump();
  }

  #fault(field: SearchFault['field'], message: string | null): void {
    if (message === null) delete this.faults[field];
    else this.faults[field] = message;
  }
}
