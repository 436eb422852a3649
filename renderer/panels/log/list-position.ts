// Where the list of rows stands: at its end while it is followed, else at the row that was at the top, whatever is cut off or filtered.
import type { NumberList } from './number-list.ts';
import { ScrollMap } from './scroll-map.ts';

/** Pixels of a row; the same as `--row` in base.css. */
export const rowHeightPx = 20;

/** Position of a list of rows of one height. */
export class ListPosition {
  readonly map = new ScrollMap();
  #list: NumberList | null = null;
  #count = 0;
  #anchor: { number: number; offsetPx: number } | null = null;

  /** The list as it is now: `count` of its rows are shown in so many pixels. */
  update(list: NumberList, count: number, viewportPx: number, isFollowing: boolean): void {
    this.#list = list;
    this.#count = count;
    const { map } = this;
    map.resize(count * rowHeightPx, viewportPx);
    if (isFollowing) map.scrollTo(map.bottom);
    else if (this.#anchor) {
      const top = Math.min(map.bottom, list.lowerBound(this.#anchor.number) * rowHeightPx + this.#anchor.offsetPx);
      if (top !== map.top) map.scrollTo(top);
    }
    if (isFollowing || !this.#anchor) this.#keep();
  }

  /** The person scrolled; says whether the end is in sight, and whether it went towards the beginning. */
  scrolled(elementTop: number): { readonly isAtEnd: boolean; readonly isUp: boolean } {
    const before = this.map.top;
    this.map.scrolled(elementTop);
    this.#keep();
    return { isAtEnd: this.map.top >= this.map.bottom - rowHeightPx * 2, isUp: this.map.top < before };
  }

  /** Positions of the first row that is painted and of the one behind the last. */
  window(extra: number): { readonly from: number; readonly to: number } {
    const from = Math.floor(this.map.top / rowHeightPx);
    const to = Math.ceil((this.map.top + this.map.viewport) / rowHeightPx);
    return { from: Math.max(0, from - extra), to: Math.min(this.#count, to + extra) };
  }

  /** Scrolls as little as shows a position; to the middle when `isCentred` and it is out of sight. */
  reveal(index: number, isCentred = false): void {
    const { map } = this;
    const top = index * rowHeightPx;
    const isInSight = top >= map.top && top + rowHeightPx <= map.top + map.viewport;
    if (isInSight) return;
    if (isCentred) map.scrollTo(top - map.viewport / 2);
    else map.scrollTo(top < map.top ? top : top + rowHeightPx - map.viewport);
    this.#keep();
  }

  #keep(): void {
    const index = Math.floor(this.map.top / rowHeightPx);
    const number = this.#list?.at(index) ?? Number.NaN;
    this.#anchor = Number.isNaN(number) ? null : { number, offsetPx: this.map.top - index * rowHeightPx };
  }
}
