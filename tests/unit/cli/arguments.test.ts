import { expect, test } from 'vitest';
import { type Command, type Invocation, numberOption, sessionName, UsageError } from '../../../main/node/cli/command.ts';
import { commands } from '../../../main/node/cli/commands.ts';
import { commandHelp, overview } from '../../../main/node/cli/help.ts';
import { readArguments, refusal } from '../../../main/node/cli/read-arguments.ts';

const probe: Command = {
  name: 'probe',
  summary: 'a command of this test',
  description: 'It does nothing.',
  options: { seconds: { argument: 'N', default: '3', description: 'how long' }, json: { description: 'as JSON' } },
  run: async () => 0,
};

test('options that were not given have their defaults', () => {
  expect(readArguments(['probe'], [probe])).toEqual({
    ok: true,
    value: { do: 'run', command: probe, positionals: [], options: { seconds: '3' }, switches: new Set() },
  });
});

test('all options are read', () => {
  expect(readArguments(['probe', '--json', '--seconds', '0.5'], [probe])).toMatchObject({
    value: { options: { seconds: '0.5' }, switches: new Set(['json']) },
  });
});

test.each([[['--frobnicate']], [[]], [['dump']], [['snapshot', 'everything']], [['snapshot', '--seconds']], [['snapshot', '--moon']]])(
  '%j is refused in one sentence',
  (args) => {
    const read = readArguments(args, commands);
    expect(read.ok).toBe(false);
    if (read.ok) return;
    expect(read.error).toMatch(/^[^\n]+[.]$/);
    expect(read.error.match(/[.] /g)).toBeNull();
  },
);

test.each([
  [{ target: 'moon', seconds: '3', name: 'lab' }],
  [{ target: 'lab', seconds: 'ten', name: 'lab' }],
  [{ target: 'lab', seconds: '', name: 'lab' }],
  [{ target: 'lab', seconds: '-1', name: 'lab' }],
  [{ target: 'lab', seconds: '99999', name: 'lab' }],
  [{ target: 'lab', seconds: '3', name: '../elsewhere' }],
])('a snapshot with %j is refused before anything is started', async (options) => {
  const invocation = { options, switches: new Set(), positionals: [], signal: new AbortController().signal } as unknown as Invocation;
  await expect(commands.find(({ name }) => name === 'snapshot')?.run(invocation)).rejects.toThrow(UsageError);
});

test('a refusal is one sentence that says where to look', () => {
  expect(refusal(new UsageError('--seconds takes a number'))).toBe('--seconds takes a number; `--help` lists what there is.');
  expect(() => numberOption('hz', undefined, 0, 1)).toThrow(UsageError);
  expect(sessionName('test-1')).toBe('test-1');
});

test('help wins over everything, and lists every command and every option', () => {
  expect(readArguments(['probe', '--seconds', '--help'], [probe])).toEqual({ ok: true, value: { do: 'help', command: probe } });
  expect(readArguments(['--help'], [probe])).toEqual({ ok: true, value: { do: 'overview' } });
  for (const command of commands) {
    expect(overview(commands)).toContain(command.name);
    for (const option of [...Object.keys(command.options), 'help']) expect(commandHelp(command)).toContain(`--${option}`);
  }
});
