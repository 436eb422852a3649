// The output of the tests that speak KTAP: those in Python, and the shell tests with kselftest/ktap_helpers.sh.
import { type Outcome, type Result, type TestCase, wholeFile, withUniqueNames } from './test-case.ts';

const resultLine = /^(not ok|ok)\s+(\d+)\s+([^#]*?)\s*(?:#\s*(SKIP|XFAIL)?\b\s*(.*))?$/;

/** The error output of the last command that failed, in one line. */
function errorOutputOf(comments: readonly string[]): string {
  const begin = comments.findLastIndex((line) => /^Exception\|\s+STDERR:/.test(line));
  if (begin < 0) return '';
  const block = comments.slice(begin).map((line) => line.replace(/^Exception\|\s*(STDERR:)?\s*/, '').trim());
  const end = block.indexOf('');
  return block.slice(0, end < 0 ? undefined : end).join('; ');
}

/** What is worth telling of the comment lines before a failure: the failed checks and the last line of an exception, else the last words. */
function reasonOf(comments: readonly string[]): string {
  const checks = comments.filter((line) => /^Check failed|^Waiting for condition|^Expected exception/.test(line));
  if (checks.length > 0) return checks.join('; ');
  // A traceback ends in the line that is not indented: the exception itself.
  const exception = comments.flatMap((line) => /^(?:Exception|Defer Exception)\|\s?(\S.*)$/.exec(line)?.[1] ?? []);
  const told = exception.filter((line) => !/^(Traceback|During handling|The above exception)/.test(line));
  const command = told.at(-1);
  // Of a command that failed, its error output says more than the command.
  return (command?.startsWith('CMD:') && errorOutputOf(comments)) || (command ?? comments.at(-1) ?? '');
}

/** Reads KTAP. A program's name before the case's (`xdp.test_x`) is dropped. */
export function parseKtap(output: string): Outcome {
  const cases: TestCase[] = [];
  let comments: string[] = [];
  let planned: number | null = null;
  let skipped = '';
  let stray: string[] = [];
  for (const line of output.split('\n')) {
    const plan = /^1\.\.(\d+)(?:\s*#\s*SKIP\s*(.*))?$/.exec(line);
    const match = resultLine.exec(line);
    if (plan) {
      planned = Number(plan[1]);
      skipped = plan[2] ?? '';
    } else if (match) {
      const [, verdict, number, name = '', directive, told = ''] = match;
      const result: Result = directive === 'SKIP' ? 'skip' : directive === 'XFAIL' ? 'xfail' : verdict === 'ok' ? 'pass' : 'fail';
      const reason = result === 'pass' ? '' : told || reasonOf(comments);
      const shortName = name.includes('.') ? name.slice(name.indexOf('.') + 1) : name;
      cases.push({ name: shortName || `(case ${number})`, result, reason });
      comments = [];
      stray = [];
    } else if (line.startsWith('#')) {
      comments.push(line.replace(/^#\s?/, ''));
    } else if (line.trim() !== '' && !line.startsWith('TAP version')) {
      stray.push(line.trim());
    }
  }
  if (planned === 0) {
    const told = comments.filter((line) => !/^Totals:|^\d+ skipped test/.test(line));
    cases.push({ name: wholeFile, result: 'skip', reason: skipped || told.join('; ') });
  }
  const missing = planned === null ? cases.length === 0 : cases.length < planned;
  const last = stray.filter((line) => !/^\^+$|^~+/.test(line)).at(-1) ?? reasonOf(comments);
  return {
    cases: withUniqueNames(cases),
    incomplete: missing
      ? `${planned === null ? 'no case was reported' : `${cases.length} of ${planned} cases were reported`}: ${last}`
      : null,
  };
}
