// What the doctor found, as text for a terminal.
import type { DoctorCheck } from '#common/protocol/machine.ts';

const marks: Record<DoctorCheck['state'], string> = { ok: '✓ ok  ', warn: '! warn', fail: '✕ fail' };

/** One paragraph a check, and a last line of counts. */
export function doctorText(checks: readonly DoctorCheck[]): string {
  const column = Math.max(...checks.map(({ name }) => name.length));
  const lines = checks.flatMap(({ name, state, why, fix }) => [
    `${marks[state]}  ${name.padEnd(column)}  ${why}`,
    ...(fix === '' ? [] : [`${' '.repeat(column + 10)}fix: ${fix}`]),
  ]);
  const count = (wanted: DoctorCheck['state']) => checks.filter(({ state }) => state === wanted).length;
  return `${lines.join('\n')}\n\n${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} that keep the driver from this machine\n`;
}
