import { expect, test } from 'vitest';
import { helpText, readArguments } from '../../../main/node/cli/arguments.ts';

test('a snapshot is taken of the lab, for three seconds, as a table, unless told otherwise', () => {
  expect(readArguments(['snapshot'])).toEqual({ ok: true, value: { command: 'snapshot', name: 'lab', seconds: 3, json: false } });
});

test('all options are read', () => {
  const args = ['snapshot', '--target', 'lab', '--json', '--seconds', '0.5', '--name', 'test-1'];
  expect(readArguments(args)).toEqual({ ok: true, value: { command: 'snapshot', name: 'test-1', seconds: 0.5, json: true } });
});

test.each([
  [['--frobnicate']],
  [[]],
  [['dump']],
  [['snapshot', 'everything']],
  [['snapshot', '--target', 'moon']],
  [['snapshot', '--seconds', 'ten']],
  [['snapshot', '--seconds', '']],
  [['snapshot', '--seconds=-1']],
  [['snapshot', '--seconds', '99999']],
  [['snapshot', '--seconds']],
  [['snapshot', '--name', '../elsewhere']],
])('%j is refused in one sentence', (args) => {
  const read = readArguments(args);
  expect(read.ok).toBe(false);
  if (read.ok) return;
  expect(read.error).toMatch(/^[^\n]+[.]$/);
  expect(read.error.match(/[.] /g)).toBeNull();
});

test('help wins over everything and lists every option', () => {
  expect(readArguments(['snapshot', '--help'])).toEqual({ ok: true, value: { command: 'help' } });
  for (const option of ['--target', '--seconds', '--json', '--name', '--help', '--version']) expect(helpText).toContain(option);
});
