// Tables as text: for spreadsheets, for the clipboard, as a file.

/** A cell; null, undefined and NaN are empty ones. */
export type Cell = string | number | bigint | null | undefined;

/** RFC 4180: commas, quotes where they are needed, lines that end with CR LF. */
export function csvOf(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

/** One cell of it. */
export function csvCell(value: Cell): string {
  const text = value === null || value === undefined || Number.isNaN(value) ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Tabs between cells, as spreadsheets take it from the clipboard. */
export function tabbedOf(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => row.map((value) => String(value ?? '').replaceAll(/[\t\r\n]/g, ' ')).join('\t')).join('\n');
}
