// Selected rows: a range between two of them, kept by number so that it stays where it is when rows are cut off or filtered.
import type { NumberList } from './number-list.ts';

/** The range from the row where it began to the row that was chosen last. */
export class RowSelection {
  readonly #list: () => NumberList;
  #anchor: number | null = null;
  #focus: number | null = null;

  /** `list` gives the rows that stand in the list now. */
  constructor(list: () => NumberList) {
    this.#list = list;
  }

  /** Number of the row that was chosen last; null when none is. */
  get focus(): number | null {
    return this.#focus;
  }

  /** Whether a row is selected. */
  has(number: number): boolean {
    if (this.#anchor === null || this.#focus === null) return false;
    return number >= Math.min(this.#anchor, this.#focus) && number <= Math.max(this.#anchor, this.#focus);
  }

  /** Chooses a row, or extends the range to it. */
  choose(number: number, isExtending = false): void {
    if (!isExtending || this.#anchor === null) this.#anchor = number;
    this.#focus = number;
  }

  /** Goes so many rows on and gives the row that is chosen then; null when the list is empty. */
  move(rows: number, isExtending: boolean): number | null {
    const list = this.#list();
    if (list.length === 0) return null;
    const from = this.#focus === null ? (rows > 0 ? -1 : list.length) : list.lowerBound(this.#focus);
    const number = list.at(Math.min(list.length - 1, Math.max(0, from + rows)));
    this.choose(number, isExtending);
    return number;
  }

  all(): void {
    const list = this.#list();
    if (list.length === 0) return;
    this.#anchor = list.at(0);
    this.#focus = list.at(list.length - 1);
  }

  clear(): void {
    this.#anchor = null;
    this.#focus = null;
  }

  /** Positions in the list from the first selected row to behind the last. */
  range(): { readonly from: number; readonly to: number } {
    if (this.#anchor === null || this.#focus === null) return { from: 0, to: 0 };
    const list = this.#list();
    return {
      from: list.lowerBound(Math.min(this.#anchor, this.#focus)),
      to: list.lowerBound(Math.max(this.#anchor, this.#focus) + 1),
    };
  }
}
