// Which rows stand in the list: those that passed the filter, a report folded to its first row unless it is open.
import type { KernelLog } from '../../state/kernel-log.ts';
import { NumberList } from './number-list.ts';

/** The rows of the list in order. Rows are added in rising order of their numbers. */
export class ShownRows {
  readonly #log: KernelLog;
  readonly #open: Set<number>;
  /** Rows that passed the filter, folded or not. */
  readonly passed = new NumberList();
  /** Rows that stand in the list. */
  readonly list = new NumberList();

  /** `open` are the ids of the reports that are not folded; it is shared by whoever holds rows of the same panel. */
  constructor(log: KernelLog, open: Set<number>) {
    this.#log = log;
    this.#open = open;
  }

  /** A row passed the filter. Of a report one row that passes shows the whole. */
  add(number: number, report: number): void {
    this.passed.add(number);
    // An open report stands there whole after its first row.
    if (report === 0 || (this.#open.has(report) && this.list.has(this.headOf(report)))) this.list.add(number);
    else this.#showReport(report);
  }

  isOpen(report: number): boolean {
    return this.#open.has(report);
  }

  /** Folds a report, or shows its rows. */
  toggle(report: number): void {
    if (this.#open.delete(report)) {
      const head = this.headOf(report);
      for (const row of this.#log.report(report)?.rows ?? []) if (row !== head) this.list.remove(row);
    } else {
      this.#open.add(report);
      this.#showReport(report);
    }
  }

  /** Gives up what the log does not keep any more; says how many rows of the list those were. */
  trim(): number {
    this.passed.dropBelow(this.#log.firstNumber);
    return this.list.dropBelow(this.#log.firstNumber);
  }

  /** The row that stands for a row: itself, or the head of its folded report. */
  standIn(number: number): number {
    const report = this.reportOf(number);
    return report === 0 || this.#open.has(report) ? number : this.headOf(report);
  }

  /** The report of a row; 0 for none. */
  reportOf(number: number): number {
    const chunk = this.#log.chunkOf(number);
    return chunk?.report[number % chunk.report.length] ?? 0;
  }

  /** The first row of a report that is still kept; NaN when none is. */
  headOf(report: number): number {
    return this.#log.report(report)?.rows.find((row) => row >= this.#log.firstNumber) ?? Number.NaN;
  }

  #showReport(report: number): void {
    if (!this.#open.has(report)) {
      const head = this.headOf(report);
      if (head >= 0) this.list.add(head);
      return;
    }
    for (const row of this.#log.report(report)?.rows ?? []) if (row >= this.#log.firstNumber) this.list.add(row);
  }
}
