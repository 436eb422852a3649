// The output of `ethtool -t INTERFACE offline`: `The test result is PASS`, then a line a test with the driver's value, 0 for passed (ethtool(8)).
import type { Outcome, TestCase } from './test-case.ts';

/** Reads such an output. */
export function parseSelfTest(output: string): Outcome {
  const cases: TestCase[] = [];
  for (const line of output.split('\n')) {
    const match = /^(\S.*?)\s*\t\s*(\d+)\s*$/.exec(line);
    if (match)
      cases.push({ name: match[1] ?? '', result: match[2] === '0' ? 'pass' : 'fail', reason: match[2] === '0' ? '' : `value ${match[2]}` });
  }
  const last = output.trim().split('\n').at(-1) ?? '';
  return { cases, incomplete: cases.length === 0 ? `no case was reported: ${last}` : null };
}
