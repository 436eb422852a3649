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
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length))) ?? [];
  const text = table.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '),
  );
  const known = Object.entries(facts).map(([name, value]) => `${name}: ${value}`);
  process.stdout.write(`\n${[benchmark, ...known, '', ...text].join('\n')}\n\n`);
  const path = process.env.RINGSCOPE_BENCH_JSON;
  if (path) writeFileSync(path, `${JSON.stringify({ benchmark, facts, rows: measured }, null, 2)}\n`);
}
