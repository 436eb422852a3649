// What a benchmark prints: a table, and the same as JSON where that is asked for.
import { writeFileSync } from 'node:fs';

/** One measured thing, in the unit that is named; `limit` is what was promised. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly values: readonly number[];
  readonly limit?: number;
}

const at = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

/** The value that `share` of all values are at most, or the next one up; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  return at(
    [...values].sort((a, b) => a - b),
    share,
  );
}

/** Lines of cells as aligned text, numbers at the right end of their column; `words` has the columns that are not numbers. */
export function tableText(lines: readonly (readonly string[])[], words: ReadonlySet<number>): string {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((cells) => (cells[column] ?? '').length)));
  return lines
    .map((cells) =>
      cells
        .map((cell, column) => (words.has(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Writes what a benchmark found to `$RINGSCOPE_BENCH_JSON`, if that names a file. */
export function writeJson(content: unknown): void {
  const path = process.env.RINGSCOPE_BENCH_JSON;
  if (path) writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
}

/** Prints the rows, and writes them to `$RINGSCOPE_BENCH_JSON`. */
export function report(benchmark: string, facts: Readonly<Record<string, string | number>>, rows: readonly Row[]): void {
  const measured = rows.map(({ name, unit, values, limit }) => {
    const sorted = [...values].sort((a, b) => a - b);
    return { name, unit, count: sorted.length, median: at(sorted, 0.5), p95: at(sorted, 0.95), most: at(sorted, 1), limit: limit ?? null };
  });
  const shown = (value: number | null) => (value === null ? '' : value.toFixed(1));
  const lines = measured.map(({ name, unit, count, median, p95, most, limit }) =>
    [name, unit, count, shown(median), shown(p95), shown(most), shown(limit)].map(String),
  );
  const table = [['', 'unit', 'count', 'median', '95 %', 'most', 'promised'], ...lines];
  const known = Object.entries(facts).map(([name, value]) => `${name}: ${value}`);
  process.stdout.write(`\n${[benchmark, ...known, '', tableText(table, new Set([0]))].join('\n')}\n\n`);
  writeJson({ benchmark, facts, rows: measured });
}
