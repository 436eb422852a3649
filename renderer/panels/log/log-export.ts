// The log as text and as CSV, row by row and in pieces, so that a million rows do not stop the window.
import type { KernelLog, LogRow } from '../../state/kernel-log.ts';
import { saveFile } from '../../ui/save-text.ts';
import { csvCell } from '../../ui/table-text.ts';
import { levelNames } from './log-criteria.ts';
import { bootTime, isoTime } from './log-times.ts';
import type { NumberList } from './number-list.ts';

/** As which file the log is written. */
export type LogFormat = 'log' | 'csv';

/** Rows in order: all that are kept, or a list's from one position to before another. */
export function* rowsOf(log: KernelLog, list: NumberList | null, from = 0, to = Number.POSITIVE_INFINITY): Generator<LogRow> {
  const end = list ? Math.min(to, list.length) : log.endNumber;
  for (let index = list ? from : log.firstNumber; index < end; index += 1) {
    const row = log.row(list ? list.at(index) : index);
    if (row) yield row;
  }
}

/** A row as dmesg prints it; a hole says what is missing. */
export function textLine(row: LogRow): string {
  const time = `[${bootTime(row.timeUs).padStart(12)}]`;
  return row.type === 'lost' ? `${time} *** ${row.records} records, ${row.reason}\n` : `${time} ${row.text}\n`;
}

// What a spreadsheet would take for a formula is told to be text by an apostrophe.
const harmless = (text: string) => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

/** The CSV's first line. */
export const csvHeader = 'time,boot_seconds,level,device,subsystem,text\r\n';

/** A row of the CSV (RFC 4180); a hole has the level `lost`. */
export function csvLine(row: LogRow, bootTimeUnixNs: string | null): string {
  const time = [isoTime(row.timeUs, bootTimeUnixNs), bootTime(row.timeUs)];
  const cells =
    row.type === 'lost'
      ? ['lost', '', '', `${row.records} records, ${row.reason}`]
      : [levelNames[row.level] ?? String(row.level), row.device, row.subsystem, harmless(row.text)];
  return `${[...time, ...cells.map(csvCell)].join(',')}\r\n`;
}

const rowsAtOnce = 4096;

/** The pieces of a file; between them whoever asks may let the window paint. Without rows there is no piece at all, not even a header. */
export function* filePieces(rows: Iterable<LogRow>, format: LogFormat, bootTimeUnixNs: string | null): Generator<string> {
  let piece = format === 'csv' ? csvHeader : '';
  let count = 0;
  for (const row of rows) {
    piece += format === 'csv' ? csvLine(row, bootTimeUnixNs) : textLine(row);
    count += 1;
    if (count % rowsAtOnce !== 0) continue;
    yield piece;
    piece = '';
  }
  if (count > 0 && piece !== '') yield piece;
}

/** Makes a file of the rows and hands it to the browser; false when there was no row. */
export async function saveRows(rows: Iterable<LogRow>, format: LogFormat, bootTimeUnixNs: string | null): Promise<boolean> {
  const parts: Blob[] = [];
  for (const piece of filePieces(rows, format, bootTimeUnixNs)) {
    // A blob's bytes need not lie in the window's own memory.
    parts.push(new Blob([piece]));
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  if (parts.length === 0) return false;
  const name = `kernel-log-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.${format}`;
  saveFile(name, new Blob(parts, { type: format === 'csv' ? 'text/csv' : 'text/plain' }));
  return true;
}
