import { expect, test } from 'vitest';
import { ConsoleLines } from '../../../main/node/lab/console-lines.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('a line that comes in pieces is one line', () => {
  const lines = new ConsoleLines();
  lines.add(bytes('ringscope-lab'));
  lines.add(bytes(': ready\r\n'));
  expect(lines.lines).toEqual(['ringscope-lab: ready']);
});

test('only the newest lines are kept', () => {
  const lines = new ConsoleLines(2);
  lines.add(bytes('one\ntwo\nthree\n'));
  expect(lines.lines).toEqual(['two', 'three']);
});

test('the colours of a terminal are no part of a line', () => {
  const lines = new ConsoleLines();
  lines.add(bytes('\u001b[31mDOWN\u001b[0m\n'));
  expect(lines.lines).toEqual(['DOWN']);
});

test('a kernel panic is known by its own words, also when it is the unfinished last line', () => {
  const lines = new ConsoleLines();
  expect(lines.panic).toBeNull();
  lines.add(bytes('[    9.1] Kernel panic - not syncing: sysrq triggered crash'));
  expect(lines.panic).toBe('[    9.1] Kernel panic - not syncing: sysrq triggered crash');
});

test('a character split between two chunks arrives whole', () => {
  const lines = new ConsoleLines();
  const [first, ...rest] = bytes('µs\n');
  lines.add(Uint8Array.of(first ?? 0));
  lines.add(Uint8Array.from(rest));
  expect(lines.lines).toEqual(['µs']);
});
