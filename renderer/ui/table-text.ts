// Tables as text: for spreadsheets, for the clipboard, as a file.

/** A cell; null is an empty one. */
export type Cell = string | number | null;

/** RFC 4180: commas, quotes where they are needed, lines that end with CR LF. */
export function csvOf(rows: readonly (readonly Cell[])[]): string {
  const cell = (value: Cell) => {
    const text = value === null ? '' : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** Tabs between cells, as spreadsheets take it from the clipboard. */
export function tabbedOf(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => row.map((value) => String(value ?? '').replaceAll(/[\t\r\n]/g, ' ')).join('\t')).join('\n');
}
