// The output of net/netdevice.sh: a line `PASS: eth0: what`, likewise FAIL, SKIP and XFAIL.
import { type Outcome, type Result, type TestCase, withUniqueNames } from './test-case.ts';

const results: Readonly<Record<string, Result>> = { PASS: 'pass', FAIL: 'fail', SKIP: 'skip', XFAIL: 'xfail' };

// What a case is called when it fails, against what it is called when it passes.
const sameCase: readonly (readonly [RegExp, string])[] = [
  [/^Failed to turn (on|off) feature:\s*/, 'Turned $1 feature: '],
  [/^Failed to restore feature\s*/, 'Restore feature '],
  // The initial state is the driver's; the case is the same.
  [/^(Restore feature \S+) to initial state .*$/, '$1'],
  [/^(ethtool \w+) not supported$/, '$1'],
  [/^Fail to up interface$/, 'set interface up'],
  [/^Cannot set MAC address$/, 'set MAC address'],
];

/** Reads such an output. */
export function parseNetdevice(output: string): Outcome {
  const cases: TestCase[] = [];
  let before: string[] = [];
  for (const line of output.split('\n')) {
    const match = /^(PASS|FAIL|SKIP|XFAIL): (\S+): (.*)$/.exec(line);
    const result = results[match?.[1] ?? ''];
    if (!match || !result) {
      if (line.trim() !== '') before.push(line.trim());
      continue;
    }
    const told = match[3] ?? '';
    const name = sameCase.reduce((text, [from, to]) => text.replace(from, to), told).trim();
    // The test itself gives no reason: what the program said before, or the words of the failure.
    const reason = result === 'pass' ? '' : before.join('; ') || (told.trim() === name ? '' : told.trim());
    cases.push({ name: `${match[2]}: ${name}`, result, reason });
    before = [];
  }
  return {
    cases: withUniqueNames(cases),
    incomplete: cases.length === 0 ? `no case was reported: ${before.at(-1) ?? 'it printed nothing'}` : null,
  };
}
