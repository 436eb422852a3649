// What counts as won and as lost between the two drivers.
import { expect, test } from 'vitest';
import { compareRuns, isRegression, verdictOf } from '../../kselftest/comparison.ts';
import { knownLimits, limitOf } from '../../kselftest/known-limits.ts';
import type { Run } from '../../kselftest/results.ts';
import type { Result } from '../../kselftest/test-case.ts';
import { selectFiles, testFiles } from '../../kselftest/test-files.ts';

const run = (cases: Readonly<Record<string, Result>>, incomplete: string | null = null): Run => ({
  key: '',
  exitCode: 0,
  problem: null,
  seconds: 1,
  endedAt: '2026-01-01T00:00:00.000Z',
  complaints: [],
  incomplete,
  cases: Object.entries(cases).map(([name, result]) => ({ name, result, reason: `${name} is ${result}` })),
});

const only = (igb: Run, rigb: Run) => {
  const [compared] = compareRuns(igb, rigb);
  if (!compared) throw new Error('no case');
  return { verdict: verdictOf(compared), regression: isRegression(compared, rigb) };
};

test('a case that igb passes and rigb fails or skips is lost', () => {
  expect(only(run({ a: 'pass' }), run({ a: 'fail' }))).toEqual({ verdict: 'lost', regression: true });
  expect(only(run({ a: 'pass' }), run({ a: 'skip' }))).toEqual({ verdict: 'lost', regression: true });
});

test('a case that igb does not pass and rigb passes is won', () => {
  for (const result of ['fail', 'skip', 'xfail'] as const) expect(only(run({ a: result }), run({ a: 'pass' })).verdict).toBe('won');
});

test('a file in which igb aborts is won case by case', () => {
  expect(only(run({}, 'it aborted'), run({ a: 'pass' }))).toEqual({ verdict: 'won', regression: false });
});

test('a case that rigb’s run does not reach is lost, one that its complete run does not have is none', () => {
  expect(only(run({ a: 'pass' }), run({}, 'it aborted')).regression).toBe(true);
  expect(only(run({ a: 'pass' }), run({})).regression).toBe(false);
});

test('without a run of one driver nothing is won or lost', () => {
  expect(compareRuns(run({ a: 'pass' }), null).map(verdictOf)).toEqual([null]);
});

test('cases that rigb alone has stand after the case that they follow', () => {
  const compared = compareRuns(run({ a: 'pass', b: 'pass' }), run({ a: 'pass', x: 'pass', y: 'pass', b: 'pass', z: 'pass' }));
  expect(compared.map(({ name }) => name)).toEqual(['a', 'x', 'y', 'b', 'z']);
});

test('a file is selected by its path or its last part, and a wrong name is refused', () => {
  expect(selectFiles(['xdp.py', 'net/netdevice.sh', 'ethtool-t']).map(({ name }) => name)).toEqual([
    'net/netdevice.sh',
    'drivers/net/xdp.py',
    'ethtool -t eth0 offline',
  ]);
  expect(() => selectFiles(['xpd.py'])).toThrow(/xpd\.py/);
});

test('every known limit names a file that is run and gives evidence', () => {
  const names = testFiles.map(({ name }) => name);
  expect(knownLimits.filter(({ file, evidence }) => !names.includes(file) || evidence.length < 40)).toEqual([]);
});

test('a limit’s star stands for any part of a name, and dots for themselves', () => {
  const limits = [{ file: 'f', cases: ['test.hw_*'], because: 'card', evidence: '' }] as const;
  const of = (name: string) =>
    limitOf(
      'f',
      name,
      limits.map((limit) => ({ ...limit, cases: [...limit.cases] })),
    );
  expect(of('test.hw_ipv4')).not.toBeNull();
  expect(of('testXhw_ipv4')).toBeNull();
  expect(of('test.sw_ipv4')).toBeNull();
});
