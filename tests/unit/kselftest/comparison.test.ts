// What counts as won and as lost between the two drivers.
import { expect, test } from 'vitest';
import { compareRuns } from '../../kselftest/comparison.ts';
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

const verdictOf = (igb: Run, rigb: Run) => compareRuns(igb, rigb).find(({ name }) => name === 'a')?.verdict;

test('a case that igb passes and rigb fails or skips is lost', () => {
  for (const result of ['fail', 'skip', 'xfail'] as const) expect(verdictOf(run({ a: 'pass' }), run({ a: result }))).toBe('lost');
});

test('a case that igb does not pass and rigb passes is won', () => {
  for (const result of ['fail', 'skip', 'xfail'] as const) expect(verdictOf(run({ a: result }), run({ a: 'pass' }))).toBe('won');
});

test('what a file that aborted or was skipped as a whole does not reach counts as not passed', () => {
  for (const short of [run({}, 'it aborted'), run({ '(whole file)': 'skip' })]) {
    expect(verdictOf(short, run({ a: 'pass' }))).toBe('won');
    expect(verdictOf(run({ a: 'pass' }), short)).toBe('lost');
  }
});

test('a case that one driver’s whole run does not have is neither won nor lost', () => {
  expect(verdictOf(run({ b: 'pass' }), run({ a: 'pass', b: 'pass' }))).toBeNull();
  expect(verdictOf(run({ a: 'pass', b: 'pass' }), run({ b: 'pass' }))).toBeNull();
});

test('without a run of one driver nothing is won or lost', () => {
  expect(compareRuns(run({ a: 'pass' }), null).map(({ verdict }) => verdict)).toEqual([null]);
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
