// What is printed at the end: a line a file, and below it each case in which the two drivers differ.
import { compareRuns } from './comparison.ts';
import type { Run } from './results.ts';
import { totalsOf } from './test-case.ts';
import type { TestFile } from './test-files.ts';

/** A file with its runs; null where a driver has none. */
export interface FileRuns {
  readonly file: TestFile;
  readonly igb: Run | null;
  readonly rigb: Run | null;
}

/** Passed, failed, skipped, expected failures; `–` without a run. */
export function countsOf(run: Run | null): string {
  if (!run) return '–';
  const { pass, fail, skip, xfail } = totalsOf(run.cases);
  return `${pass} / ${fail} / ${skip} / ${xfail}${run.incomplete === null ? '' : ' !'}`;
}

function notesOf({ igb, rigb }: FileRuns): readonly string[] {
  return (['igb', 'rigb'] as const).flatMap((driver) => {
    const run = driver === 'igb' ? igb : rigb;
    if (!run) return [];
    return [
      ...(run.incomplete === null ? [] : [`${driver} did not finish: ${run.incomplete}`]),
      ...run.complaints.map((line) => `${driver} kernel log: ${line}`),
    ];
  });
}

/** The whole table as text. */
export function textTable(files: readonly FileRuns[]): string {
  const width = Math.max(...files.map(({ file }) => file.name.length));
  const row = (name: string, igb: string, rigb: string, more: string) =>
    `${name.padEnd(width)}  ${igb.padEnd(22)}  ${rigb.padEnd(22)}  ${more}`.trimEnd();
  const lines = [row('', 'igb', 'rigb', ''), row('passed / failed / skipped / xfail', '', '', '')];
  for (const runs of files) {
    const compared = compareRuns(runs.igb, runs.rigb);
    const won = compared.filter(({ verdict }) => verdict === 'won').length;
    const lost = compared.filter(({ verdict }) => verdict === 'lost').length;
    const change = runs.igb && runs.rigb ? `won ${won}, lost ${lost}` : '';
    lines.push(row(runs.file.name, countsOf(runs.igb), countsOf(runs.rigb), change));
    for (const note of notesOf(runs)) lines.push(`    ! ${note}`);
    for (const one of compared) {
      const isAlone = one.igb === null || one.rigb === null;
      const isShown = isAlone ? ![one.igb ?? one.rigb].includes('pass') : one.igb !== one.rigb;
      if (!isShown) continue;
      const results = isAlone ? `${one.igb ?? one.rigb}` : `igb ${one.igb}, rigb ${one.rigb}`;
      const reason = one.rigb === null || one.rigb === 'pass' || one.rigb === 'absent' ? one.igbReason : one.rigbReason;
      lines.push(`    ${one.name}: ${results}${reason ? `: ${reason.slice(0, 160)}` : ''}`);
    }
  }
  return `${lines.join('\n')}\n`;
}
