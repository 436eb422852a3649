// One case of a test file and how it ended, in the words of KTAP (Documentation/dev-tools/ktap.rst) and of kselftest.h's exit codes.

/** How a case ended. `xfail`: it failed as the test expects where something is not there. */
export type Result = 'pass' | 'fail' | 'skip' | 'xfail';

/** One case. `name` is unique within its file; `reason` is empty for a pass that gives none. */
export interface TestCase {
  readonly name: string;
  readonly result: Result;
  readonly reason: string;
}

/** What a test file's output says. `incomplete` tells why cases are missing that the file had announced, or null when all are there. */
export interface Outcome {
  readonly cases: readonly TestCase[];
  readonly incomplete: string | null;
}

/** The name of the one case of a file that was skipped before its first. */
export const wholeFile = '(whole file)';

/** How many ended how. */
export type Totals = Readonly<Record<Result, number>>;

/** Counts cases by their result. */
export function totalsOf(cases: readonly TestCase[]): Totals {
  const totals = { pass: 0, fail: 0, skip: 0, xfail: 0 };
  for (const { result } of cases) totals[result]++;
  return totals;
}

/** Gives the second and later cases of a name a number, so that runs can be compared name by name. */
export function withUniqueNames(cases: readonly TestCase[]): readonly TestCase[] {
  const seen = new Map<string, number>();
  return cases.map((testCase) => {
    const count = (seen.get(testCase.name) ?? 0) + 1;
    seen.set(testCase.name, count);
    return count === 1 ? testCase : { ...testCase, name: `${testCase.name} (${count})` };
  });
}
