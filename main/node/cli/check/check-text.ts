// What came of a check, for people and as a document.
import { evidenceText } from '#common/alerts/alert.ts';
import type { RuleOutcome } from '#common/rules/outcome.ts';

/** A check that was made. */
export interface Checked {
  readonly outcomes: readonly RuleOutcome[];
  readonly seconds: number;
  /** What was checked, in words. */
  readonly source: string;
}

/** The shape that `ringscope check --json` prints. */
export interface CheckDocument {
  readonly holds: boolean;
  readonly source: string;
  readonly seconds: number;
  readonly rules: readonly RuleOutcome[];
}

/** The document of a check. */
export const checkDocument = ({ outcomes, seconds, source }: Checked): CheckDocument => ({
  holds: outcomes.every(({ state }) => state === 'holds'),
  source,
  seconds,
  rules: outcomes,
});

const marks = { holds: '✓ holds', fails: '✕ FAILS', unmeasured: '? UNMEASURED' } as const;
const evidenceShown = 8;

/** A line a rule, with the evidence below the ones that do not hold. */
export function checkText({ outcomes, seconds, source }: Checked): string {
  const states = Math.max(...outcomes.map(({ state }) => marks[state].length));
  const labels = Math.max(...outcomes.map(({ label }) => label.length));
  const lines = outcomes.flatMap(({ state, label, text, evidence, failedSeconds }) => {
    const line = `${marks[state].padEnd(states)}  ${label.padEnd(labels)}  ${text}`;
    if (state !== 'fails') return [line];
    const since = failedSeconds === null ? [] : [`    first at ${failedSeconds.toFixed(3)} s since boot`];
    const shown = evidence.slice(0, evidenceShown).map((one) => `    ${one.atSeconds.toFixed(3).padStart(12)}  ${evidenceText(one)}`);
    const more = evidence.length > evidenceShown ? [`    and ${evidence.length - evidenceShown} more`] : [];
    return [line, ...since, ...shown, ...more];
  });
  const failed = outcomes.filter(({ state }) => state !== 'holds').length;
  const sum = failed === 0 ? `All ${outcomes.length} rules hold` : `${failed} of ${outcomes.length} rules do not hold`;
  return `${lines.join('\n')}\n${sum}: ${source}, ${seconds.toFixed(1)} s.\n`;
}
