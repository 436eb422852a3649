// What changed between two instants: rows with their values at both, and the same as text.
import { csvOf, tabbedOf } from '../../ui/table-text.ts';
import type { StatisticChoice, StatisticRow } from './statistic-rows.ts';
import { isNamed } from './statistic-rows.ts';

/** A counter at both instants. `change` is null where one of them is not kept; `rate` too where the counter began anew in between. */
export interface ComparedRow {
  readonly row: StatisticRow;
  readonly a: number | null;
  readonly b: number | null;
  readonly change: number | null;
  readonly rate: number | null;
}

/** Compares one counter. */
export function compared(row: StatisticRow, aSeconds: number, bSeconds: number): ComparedRow {
  const [a, b] = [row.series.valueAt(row.key, aSeconds), row.series.valueAt(row.key, bSeconds)];
  const change = a === null || b === null ? null : b - a;
  // Between the samples that the values are from, not the instants that were pointed at.
  const seconds = (row.series.instantAt(bSeconds) ?? Number.NaN) - (row.series.instantAt(aSeconds) ?? Number.NaN);
  const rate = change !== null && seconds !== 0 ? change / seconds : null;
  return { row, a, b, change, rate: rate !== null && rate >= 0 ? rate : null };
}

/** The wanted rows; with `isChangingOnly` those that changed between the two instants. */
export function comparedRows(
  rows: readonly StatisticRow[],
  { filter, isNonzeroOnly, isChangingOnly, order, pinned }: StatisticChoice,
  aSeconds: number,
  bSeconds: number,
): ComparedRow[] {
  const all = rows
    .map((row) => compared(row, aSeconds, bSeconds))
    .filter(({ row, a, b, change }) => {
      if (pinned.includes(row.key)) return true;
      if (!isNamed(row, filter)) return false;
      if (isNonzeroOnly && !a && !b) return false;
      return !isChangingOnly || (change !== null && change !== 0);
    });
  if (order === 'name') return all.sort((one, other) => one.row.name.localeCompare(other.row.name, 'en', { numeric: true }));
  if (order === 'source') return all;
  const measure = ({ change, rate }: ComparedRow) => Math.abs((order === 'rate' ? rate : change) ?? 0);
  return all.sort((one, other) => measure(other) - measure(one));
}

const columns = ['source', 'name', 'unit', 'at A', 'at B', 'change', 'change per second'] as const;

function cells(rows: readonly ComparedRow[]): (string | number | null)[][] {
  return rows.map(({ row, a, b, change, rate }) => [row.group, row.name, row.unit, a, b, change, rate]);
}

/** For a spreadsheet: when, in seconds since boot and by the wall clock, then a line a row. `bootTimeUnixNs` is null where it is not known. */
export function comparisonCsv(rows: readonly ComparedRow[], aSeconds: number, bSeconds: number, bootTimeUnixNs: string | null): string {
  const wall = (seconds: number) =>
    bootTimeUnixNs === null ? null : new Date(Number(BigInt(bootTimeUnixNs) / 1_000_000n) + seconds * 1000).toISOString();
  const times = [
    ['A, seconds since boot', aSeconds, wall(aSeconds)],
    ['B, seconds since boot', bSeconds, wall(bSeconds)],
  ];
  return csvOf([...times, columns, ...cells(rows)]);
}

/** For the clipboard. */
export function comparisonText(rows: readonly ComparedRow[], aSeconds: number, bSeconds: number): string {
  return tabbedOf([[`From ${aSeconds.toFixed(3)} s to ${bSeconds.toFixed(3)} s since boot`], columns, ...cells(rows)]);
}
