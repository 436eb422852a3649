// A decoded report as text, for a bug tracker or a colleague.
import { frameText } from './call-trace.ts';
import { type KernelReport, reportTitle } from './report.ts';
import { taintMeanings } from './taint.ts';

/** The report in lines; what it does not say is left out. */
export function reportText(report: KernelReport): string {
  const { place, source, cpu, comm, pid, taint, kernel, hardware, workqueue, faultAddress, faultDetails, traces } = report;
  const facts: (readonly [string, string | null])[] = [
    ['function', place && frameText(place)],
    ['source', source],
    ['process', comm && `${comm}${pid === null ? '' : `, pid ${pid}`}`],
    ['cpu', cpu === null ? null : String(cpu)],
    ['address', faultAddress && `0x${faultAddress}`],
    ...faultDetails.map((detail) => ['access', detail] as const),
    ['work queue', workqueue],
    ...taintMeanings(taint ?? '').map(({ letter, meaning }) => [`taint ${letter}`, meaning] as const),
    ['kernel', kernel],
    ['hardware', hardware],
  ];
  const frames = traces.flatMap(({ of, frames }) => [
    `call trace${of && traces.length > 1 ? ` of ${of}` : ''}:`,
    ...frames.map((frame) => `  ${frame.isReliable ? '' : '? '}${frameText(frame)}`),
  ]);
  return [reportTitle(report), ...facts.flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`])), ...frames, ''].join(
    '\n',
  );
}
