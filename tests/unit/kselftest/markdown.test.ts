// The document that a complete run writes.
import { expect, test } from 'vitest';
import { kselftestDocument } from '../../kselftest/markdown.ts';
import type { FileRuns } from '../../kselftest/report.ts';
import type { Run } from '../../kselftest/results.ts';
import type { TestCase } from '../../kselftest/test-case.ts';
import { testFiles } from '../../kselftest/test-files.ts';

const run = (cases: readonly TestCase[], more: Partial<Run> = {}): Run => ({
  key: '',
  exitCode: 0,
  problem: null,
  seconds: 1,
  endedAt: '2026-01-01T00:00:00.000Z',
  complaints: [],
  incomplete: null,
  cases,
  ...more,
});
const ended = (result: TestCase['result'], ...names: string[]) =>
  names.map((name): TestCase => ({ name, result, reason: result === 'pass' ? '' : `no ${result}|pass` }));

const [file] = testFiles;
if (!file) throw new Error('no test file');
const limits = [{ file: file.name, cases: ['c*'], because: 'card', evidence: 'The card has no such thing.' }] as const;
const document = (runs: Omit<FileRuns, 'file'>) =>
  kselftestDocument(
    [{ file, ...runs }],
    '2026-01-02',
    { QEMU: '10' },
    limits.map((limit) => ({ ...limit, cases: [...limit.cases] })),
  );

test('the document names its date and versions and sums what was won and lost', () => {
  const text = document({
    igb: run([...ended('pass', 'a'), ...ended('fail', 'b')]),
    rigb: run([...ended('fail', 'a'), ...ended('pass', 'b')]),
  });
  expect(text).toContain('on 2026-01-02; not edited. QEMU 10.');
  expect(text).toContain('rigb passes 1 cases that igb does not pass, and fails 1 that igb passes.');
  expect(text).toContain(`| ${file.name} | 1 / 1 / 0 / 0 | 1 / 1 / 0 / 0 | 1 | 1 |`);
  expect(text).toContain(`| ${file.name} | a | pass | fail | rigb: no fail\\|pass |`);
});

test('cases that ended alike for one reason share a row, and those that cannot pass are listed with the evidence', () => {
  const cases = ended('skip', 'c1', 'c2');
  const text = document({ igb: run(cases), rigb: run(cases) });
  expect(text).toContain('| 2 cases: c1, c2 | skip | skip |');
  expect(text).toContain(`| ${file.name} | 2 | c* | the card | The card has no such thing. |`);
});

test('a limit under which every case passes is not listed', () => {
  expect(document({ igb: run(ended('pass', 'c1')), rigb: run(ended('pass', 'c1')) })).not.toContain('no such thing');
});

test('a file that did not finish and what the kernel said are told', () => {
  const text = document({
    igb: run([], { incomplete: 'the guest ended' }),
    rigb: run(ended('pass', 'a'), { complaints: ['WARNING: at x'] }),
  });
  expect(text).toContain(`- ${file.name}, igb: did not finish: the guest ended`);
  expect(text).toContain(`- ${file.name}, rigb: the kernel said: \`WARNING: at x\``);
});
