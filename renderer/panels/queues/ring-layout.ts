// Where each descriptor of a ring lies on a canvas: one line while its cells can be told apart, else several lines of equal length.

/** The narrowest cell that shows who owns it, in pixels; of large rings cells touch each other. */
const narrowest = 3;
const narrowestOfLarge = 2;
const large = 1024;
/** Lines have a multiple of so many cells, so that a slot's place in its line can be read off. */
const step = 32;

/** Lines of cells; every line but the last has `columns`. */
export interface RingLayout {
  readonly count: number;
  readonly columns: number;
  readonly lines: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** Room for the marks above and below each line. */
  readonly markHeight: number;
  /** From one line's top to the next. */
  readonly lineHeight: number;
}

/** Lays a ring out on a width. */
export function layOut(count: number, width: number): RingLayout {
  const fitting = Math.max(1, Math.floor(width / (count > large ? narrowestOfLarge : narrowest)));
  const columns = count <= fitting ? Math.max(1, count) : Math.max(1, fitting < step ? fitting : Math.floor(fitting / step) * step);
  const lines = Math.max(1, Math.ceil(count / columns));
  const cellHeight = lines === 1 ? 16 : 7;
  const markHeight = lines === 1 ? 9 : 6;
  return { count, columns, lines, cellWidth: width / columns, cellHeight, markHeight, lineHeight: cellHeight + 2 * markHeight };
}

/** Height of the whole, in pixels. */
export const heightOf = ({ lines, lineHeight }: RingLayout): number => lines * lineHeight;

/** Left and top of a slot's cell. */
export function placeOf(
  { columns, cellWidth, lineHeight, markHeight }: RingLayout,
  slot: number,
): { readonly x: number; readonly y: number } {
  return { x: (slot % columns) * cellWidth, y: Math.floor(slot / columns) * lineHeight + markHeight };
}

/** The slot at a point, or the nearest one of its line. */
export function slotAt({ count, columns, cellWidth, lines, lineHeight }: RingLayout, x: number, y: number): number {
  const line = Math.min(lines - 1, Math.max(0, Math.floor(y / lineHeight)));
  const column = Math.min(columns - 1, Math.max(0, Math.floor(x / cellWidth)));
  return Math.min(count - 1, line * columns + column);
}
