// Which rows of the kernel log are shown.
import type { LogRow } from '../../state/kernel-log.ts';

/** The kernel's words for its levels, by number. */
export const levelNames = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'] as const;

/** Rows at `maximumLevel` or more severe whose text contains `text`, whatever its case. Holes are always shown: what is missing may be what was looked for. */
export function filterRows(rows: readonly LogRow[], maximumLevel: number, text: string): readonly LogRow[] {
  const wanted = text.trim().toLowerCase();
  if (maximumLevel >= 7 && wanted === '') return rows;
  return rows.filter(
    (row) => row.type === 'lost' || (row.record.level <= maximumLevel && (wanted === '' || row.record.text.toLowerCase().includes(wanted))),
  );
}
