import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayBegin, ReportScanner } from '../../../main/common/kernel-log/report-scanner.ts';
import * as reports from './reports.ts';

const levelOf = (text: string) => (/^(?:tx ring|NETDEV)/.test(text) ? 4 : 6);

/** Scans lines a millisecond apart; gives the report of each. */
function scan(lines: readonly string[], scanner = new ReportScanner(), first = 0): number[] {
  return lines.map((text, index) =>
    scanner.push({ number: first + index, timeUs: (first + index) * 1000, level: levelOf(text), isContinuation: false, text }),
  );
}

const chatter = ['rigb 0000:01:00.0 eth0: link up 1000 Mb/s', 'usb 1-1: new device', 'systemd[1]: started', 'audit: type=1400', ''];

test.each(Object.entries(reports.all))('%s is one report from its first line to its last', (_, lines) => {
  const found = scan([...chatter, ...lines, ...chatter]);
  expect(found).toEqual([...chatter.map(() => 0), ...lines.map(() => 1), ...chatter.map(() => 0)]);
});

test.each(Object.entries(reports.all))('lines of other CPUs within %s stay outside of it', (_, lines) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat({ max: lines.length - 1 }), fc.constantFrom(...chatter)), { maxLength: 12 }), (strangers) => {
      const mixed: { text: string; isOurs: boolean }[] = lines.map((text) => ({ text, isOurs: true }));
      // Behind the third line: the text of a WARN has no shape, so before that a stranger cannot be told from it.
      for (const [at, text] of strangers) mixed.splice(Math.max(4, at), 0, { text, isOurs: false });
      const found = scan(mixed.map(({ text }) => text));
      expect(found).toEqual(mixed.map(({ isOurs }) => (isOurs ? 1 : 0)));
    }),
  );
});

test('two reports one after the other are two', () => {
  const found = scan([...reports.warning, ...reports.pageFault, ...reports.bug]);
  expect([...new Set(found)]).toEqual([1, 2, 3]);
});

test('a report that comes while another is written ends it', () => {
  const found = scan([...reports.softLockup.slice(0, 5), ...reports.warning]);
  expect(found.slice(5)).toEqual(reports.warning.map(() => 2));
});

test('a report that does not go on within two seconds is over', () => {
  const scanner = new ReportScanner();
  scan(reports.softLockup, scanner);
  expect(scanner.push({ number: 900, timeUs: 9_000_000, level: 6, isContinuation: false, text: 'Call Trace:' })).toBe(0);
  expect(scanner.isIdle).toBe(true);
});

test('every line that begins a report may begin one by its first two bytes', () => {
  for (const [first = ''] of Object.values(reports.all)) expect(mayBegin(first.charCodeAt(0), first.charCodeAt(1))).toBe(true);
  expect(mayBegin('r'.charCodeAt(0), 'i'.charCodeAt(0))).toBe(false);
});

test('a report of which no row is kept is forgotten, and the others keep their ids', () => {
  const scanner = new ReportScanner();
  scan([...reports.warning, ...reports.bug], scanner);
  scanner.forgetBefore(reports.warning.length);
  expect(scanner.report(1)).toBeNull();
  expect(scanner.report(2)?.rows[0]).toBe(reports.warning.length);
});
