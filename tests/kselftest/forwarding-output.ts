// The output of the scripts that end each case with log_test (tools/testing/selftests/net/lib.sh): `TEST: name [ OK ]`, then the reason, indented.
import { type Outcome, type Result, type TestCase, wholeFile, withUniqueNames } from './test-case.ts';

const results: Readonly<Record<string, Result>> = { ' OK ': 'pass', FAIL: 'fail', XFAIL: 'xfail', SKIP: 'skip' };

/** kselftest's exit code for "skipped". */
const skipCode = 4;

/** Reads such an output; `exitCode` is the script's, null when it was ended for taking too long. */
export function parseForwarding(output: string, exitCode: number | null): Outcome {
  const cases: TestCase[] = [];
  const skips: string[] = [];
  const lines = output.split('\n');
  for (const [index, line] of lines.entries()) {
    const match = /^TEST: (.*?)\s*\[( OK |FAIL|XFAIL|SKIP)\]\s*$/.exec(line);
    const result = results[match?.[2] ?? ''];
    if (match && result) {
      const name = match[1] ?? '';
      const [, reason] = /^\t(.+)$/.exec(lines[index + 1] ?? '') ?? [];
      // A script that finds out in its setup that the card lacks what it tests says so as a case that passed, and exits as skipped.
      if (name.startsWith('SKIP:') && exitCode === skipCode) skips.push(name.slice('SKIP:'.length).trim());
      else cases.push({ name, result, reason: reason ?? '' });
    } else if (line.startsWith('SKIP:')) {
      skips.push(line.slice('SKIP:'.length).trim());
    }
  }
  if (cases.length === 0 && skips.length > 0) cases.push({ name: wholeFile, result: 'skip', reason: skips.join('; ') });
  const last = lines.filter((line) => line.trim() !== '').at(-1) ?? 'it printed nothing';
  const incomplete =
    exitCode === null ? `ended for taking too long after: ${last}` : cases.length === 0 ? `no case was reported: ${last}` : null;
  return { cases: withUniqueNames(cases), incomplete };
}
