// What the driver benchmark prints and writes.
import type { RowDefinition } from './rows.ts';

/** One row as it is written to the JSON file; null where a driver does not offer it. */
export interface Measured {
  readonly row: string;
  readonly igb: number | null;
  readonly rigb: number | null;
  readonly ratio: number | null;
  readonly better: RowDefinition['better'];
  readonly goal: number;
}

/** The median: of three runs the middle one. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

export function measured({ row, better, goal }: RowDefinition, igb: number | null, rigb: number | null): Measured {
  return { row, igb, rigb, ratio: igb === null || rigb === null ? null : rigb / igb, better, goal };
}

/** Whether the ratio is what is wanted, in words: `yes`, `slower` than the C driver, or merely not `yet` there. */
export function verdict({ igb, rigb, ratio, better, goal }: Measured): string {
  if (ratio === null) return igb === null && rigb === null ? '' : `not offered by ${rigb === null ? 'rigb' : 'igb'}`;
  const gain = better === 'lower' ? ratio : 1 / ratio;
  const wanted = better === 'lower' ? goal : 1 / goal;
  if (gain <= wanted) return 'yes';
  return gain > 1 ? 'no, worse than igb' : 'no';
}

/** The largest deviation of a run from the median, as a share of it. */
export function spread(values: readonly number[]): number {
  const middle = median(values);
  return middle ? Math.max(...values.map((value) => Math.abs(value - middle))) / middle : 0;
}

const shown = (value: number | null) => (value === null ? '–' : value >= 1000 ? value.toFixed(0) : value.toFixed(1));

/** The table as text. `spreads` are the shares of `spread` a row; `failed` has the rows of which a step went wrong. */
export function tableText(
  definitions: readonly RowDefinition[],
  all: readonly Measured[],
  spreads: readonly number[],
  failed: ReadonlySet<string>,
): string {
  const lines = all.map((one, index) => [
    one.row,
    definitions[index]?.unit ?? '',
    shown(one.igb),
    shown(one.rigb),
    one.ratio === null ? '–' : one.ratio.toFixed(3),
    one.goal.toFixed(3),
    `${((spreads[index] ?? 0) * 100).toFixed(1)} %`,
    failed.has(one.row) ? 'failed, see below' : verdict(one),
  ]);
  const table = [['', 'unit', 'igb', 'rigb', 'rigb/igb', 'wanted', 'spread', 'reached'], ...lines];
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length)));
  const isText = (column: number) => column < 2 || column === 7;
  return table
    .map((row) =>
      row
        .map((cell, column) => (isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
