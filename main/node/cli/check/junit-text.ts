// The results as JUnit XML, which CI systems read: a suite a rules file, a case a rule.
import { evidenceText } from '#common/alerts/alert.ts';
import type { RuleOutcome } from '#common/rules/outcome.ts';
import type { Checked } from './check-text.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Whether XML 1.0 can say a character at all: no control characters but tab and line ends, no halves of a surrogate pair. */
function isAllowed(character: string): boolean {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff;
}

/** Text as the content of an element or an attribute; what XML has no way to say is left out. */
export const escapeXml = (text: string): string => [...text].map((one) => (isAllowed(one) ? (entities[one] ?? one) : '')).join('');

function testCase({ rule, label, state, text, evidence }: RuleOutcome, seconds: number): string {
  const head = `    <testcase classname="${escapeXml(rule.rule)}" name="${escapeXml(label)}" time="${seconds.toFixed(3)}"`;
  if (state === 'holds') return `${head}>\n      <system-out>${escapeXml(text)}</system-out>\n    </testcase>`;
  const numbers = evidence.map((one) => `${one.atSeconds.toFixed(3)} s: ${evidenceText(one)}`).join('\n');
  const element = state === 'fails' ? 'failure' : 'error';
  return `${head}>\n      <${element} type="${state}" message="${escapeXml(text)}">${escapeXml(numbers)}</${element}>\n    </testcase>`;
}

/** The document. */
export function junitText(name: string, { outcomes, seconds }: Checked): string {
  const count = (state: RuleOutcome['state']) => outcomes.filter((outcome) => outcome.state === state).length;
  const counts = `tests="${outcomes.length}" failures="${count('fails')}" errors="${count('unmeasured')}" time="${seconds.toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="ringscope check" ${counts}>`,
    `  <testsuite name="${escapeXml(name)}" ${counts}>`,
    ...outcomes.map((outcome) => testCase(outcome, seconds)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
