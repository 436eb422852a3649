// Where each descriptor of a ring lies on a canvas: one line while its cells can be told apart, else several lines of equal length.

/** The narrowest cell that shows who owns it, in pixels. */
const narrowest = 3;
/** Marks stand above and below each line. */
const markHeight = 9;

/** Lines of cells; every line but the last has `columns`. */
export interface RingLayout {
  readonly count: number;
  readonly columns: number;
  readonly lines: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  /** From one line's top to the next. */
  readonly lineHeight: number;
}

/** Lays a ring out on a width. Lines have a power of two of cells, so that a slot's place in its line can be read off. */
export function layOut(count: number, width: number): RingLayout {
  const fitting = Math.max(1, Math.floor(width / narrowest));
  const columns = count <= fitting ? Math.max(1, count) : 2 ** Math.floor(Math.log2(fitting));
  const lines = Math.max(1, Math.ceil(count / columns));
  const cellHeight = lines === 1 ? 16 : 8;
  return { count, columns, lines, cellWidth: width / columns, cellHeight, lineHeight: cellHeight + 2 * markHeight - (lines > 2 ? 2 : 0) };
}

/** Height of the whole, in pixels. */
export const heightOf = ({ lines, lineHeight }: RingLayout): number => lines * lineHeight;

/** Left and top of a slot's cell. */
export function placeOf({ columns, cellWidth, lineHeight }: RingLayout, slot: number): { readonly x: number; readonly y: number } {
  return { x: (slot % columns) * cellWidth, y: Math.floor(slot / columns) * lineHeight + markHeight };
}

/** The slot at a point, or the nearest one of its line. */
export function slotAt({ count, columns, cellWidth, lines, lineHeight }: RingLayout, x: number, y: number): number {
  const line = Math.min(lines - 1, Math.max(0, Math.floor(y / lineHeight)));
  const column = Math.min(columns - 1, Math.max(0, Math.floor(x / cellWidth)));
  return Math.min(count - 1, line * columns + column);
}
