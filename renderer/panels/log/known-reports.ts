// Reports as they were read last: reading one anew for each frame would be a waste, and it may still grow.
import { type KernelReport, readReport, reportTitle } from '#common/kernel-log/report.ts';
import type { KernelLog } from '../../state/kernel-log.ts';

/** A report in words. */
export interface KnownReport {
  readonly report: KernelReport;
  readonly title: string;
  readonly lines: number;
}

const known = new WeakMap<KernelLog, Map<number, KnownReport>>();
const keptMost = 200;

/** The report of this id; null when its rows are not kept any more. */
export function knownReport(log: KernelLog, id: number): KnownReport | null {
  const span = log.report(id);
  if (!span) return null;
  let reports = known.get(log);
  if (!reports || reports.size > keptMost) {
    reports = new Map();
    known.set(log, reports);
  }
  const before = reports.get(id);
  if (before?.lines === span.rows.length) return before;
  const rows = span.rows.map((number) => log.row(number));
  const report = readReport(rows.flatMap((row) => (row?.type === 'record' ? [row.text] : [])));
  const found = { report, title: reportTitle(report), lines: span.rows.length };
  reports.set(id, found);
  return found;
}
