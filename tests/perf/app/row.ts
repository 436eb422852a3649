// What a row of `npm run bench -- app` is: what was promised, how it is measured, and what the table and the JSON file say of it.
import { tableText } from '../report.ts';

/** A promise of issue 5, section 3. */
export interface Goal {
  /** What is measured, in words. */
  readonly row: string;
  readonly unit: string;
  readonly goal: number;
  /** Whether the goal itself is still good (`most`) or already too much (`below`). */
  readonly bound: 'below' | 'most';
}

/** What one measurement found. */
export interface Finding {
  /** A value for each goal, in their order; null where there is none, and then `note` says why. */
  readonly values: readonly (number | null)[];
  /** How often, of what, and what else the values need to be understood. */
  readonly note: string;
  /** The measurement itself did not come about as promised (the load was not reached): no goal counts as met. */
  readonly isInvalid?: boolean;
}

/** How the bench was started. */
export interface BenchOptions {
  /** Measure the hour as an hour. */
  readonly isHour: boolean;
  /** Says where a long measurement stands. */
  progress(text: string): void;
}

/** One measurement, with as many rows in the table as it has goals. */
export interface BenchRow {
  /** What `--rows` names it by. */
  readonly id: string;
  readonly goals: readonly Goal[];
  measure(options: BenchOptions): Promise<Finding>;
}

/** A row as it is written to the JSON file; `value` is null and `why` says what was in the way where nothing was measured. */
export interface MeasuredRow {
  readonly row: string;
  readonly value: number | null;
  readonly unit: string;
  readonly goal: number;
  readonly met: boolean;
  readonly why?: string;
}

/** A row of the table. */
export interface ShownRow extends MeasuredRow {
  readonly bound: Goal['bound'];
  readonly note: string;
}

export function isMet({ goal, bound }: Goal, value: number | null): boolean {
  if (value === null || Number.isNaN(value)) return false;
  return bound === 'below' ? value < goal : value <= goal;
}

/** The rows of a measurement that came to an end. */
export function shownRows({ goals }: BenchRow, { values, note, isInvalid = false }: Finding): ShownRow[] {
  return goals.map((goal, index) => {
    const found = values[index] ?? null;
    const value = found === null || Number.isNaN(found) ? null : found;
    return {
      row: goal.row,
      value,
      unit: goal.unit,
      goal: goal.goal,
      met: !isInvalid && isMet(goal, value),
      ...((value === null || isInvalid) && { why: note }),
      bound: goal.bound,
      note,
    };
  });
}

/** The rows of a measurement that failed: they say why, and count as not met. */
export function failedRows(row: BenchRow, error: unknown): ShownRow[] {
  const why = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
  return shownRows(row, { values: [], note: `not measured: ${why}` });
}

/** What goes into the JSON file. */
export function jsonRows(rows: readonly ShownRow[]): MeasuredRow[] {
  return rows.map(({ bound: _bound, note: _note, ...row }) => row);
}

const digits = (value: number) => (Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 1 ? value.toFixed(1) : value.toFixed(3));
const number = (value: number) => (Number.isInteger(value) ? String(value) : digits(value));

/** The table: a line for each row, and below it what the number needs to be understood. */
export function appTable(rows: readonly ShownRow[]): string {
  const lines = rows.map(({ row, value, unit, goal, bound, met }) => [
    row,
    value === null ? '–' : number(value),
    unit,
    `${bound === 'below' ? '<' : '≤'} ${number(goal)}`,
    met ? 'yes' : 'NO',
  ]);
  const table = tableText([['', 'value', 'unit', 'goal', 'met'], ...lines], new Set([0, 2, 4])).split('\n');
  return table
    .flatMap((line, index) => {
      // Rows of one measurement share their note: it stands below the last of them.
      const shown = rows[index - 1];
      return shown && shown.note !== rows[index]?.note ? [line, `    ${shown.note}`] : [line];
    })
    .join('\n');
}

/** The rows that `--rows a,b` names, all of them without it. Throws an Error with a sentence when there is no such row. */
export function chosenRows(rows: readonly BenchRow[], names: string | undefined): readonly BenchRow[] {
  if (!names) return rows;
  return names.split(',').map((name) => {
    const row = rows.find(({ id }) => id === name.trim());
    if (!row) throw new Error(`There is no row ${name}: ${rows.map(({ id }) => id).join(', ')}`);
    return row;
  });
}
