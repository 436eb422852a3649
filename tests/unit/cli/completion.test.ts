// The scripts at work in real shells: bash fills COMPREPLY, zsh completes on a pseudo terminal.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Command } from '../../../main/node/cli/command.ts';
import { commands } from '../../../main/node/cli/commands.ts';
import { bashCompletion } from '../../../main/node/cli/completion/bash.ts';
import { zshCompletion } from '../../../main/node/cli/completion/zsh.ts';

const probe: Command = {
  name: 'probe',
  summary: 'plays it: [again], the maker’s own',
  description: 'It plays.',
  positionals: 'FILE',
  offers: 'files',
  options: {
    target: { argument: 'TARGET', description: 'what', offers: ['lab', 'local'] },
    output: { argument: 'FILE', short: 'o', description: 'where', offers: 'files' },
    hz: { argument: 'N', description: 'how often' },
  },
  run: async () => 0,
};
const table = [...commands, probe];

/** What bash offers when the last of the words is being typed. */
function offeredByBash(words: readonly string[], cwd = tmpdir()): string[] {
  const list = words.map((word) => `'${word}'`).join(' ');
  const program = `${bashCompletion(table)}\nCOMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _ringscope; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const output = execFileSync('bash', ['--norc', '--noprofile', '-euo', 'pipefail', '-c', program], { cwd, encoding: 'utf8' });
  return output.split('\n').filter((line) => line !== '');
}

function folderWith(...names: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringscope-completion-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const name of names) writeFileSync(join(folder, name), '');
  return folder;
}

test('bash offers every command first, and those that begin as typed', () => {
  expect(offeredByBash(['ringscope', ''])).toEqual([...table.map(({ name }) => name), '--help', '--version']);
  expect(offeredByBash(['ringscope', 'sn'])).toEqual(['snapshot']);
  expect(offeredByBash(['ringscope', 'nothing'])).toEqual([]);
});

test('bash offers every option of every command', () => {
  for (const { name, options } of table)
    expect(offeredByBash(['ringscope', name, '--'])).toEqual([...Object.keys(options).map((option) => `--${option}`), '--help']);
});

test('bash offers the values that an option or a command takes, however it is written', () => {
  expect(offeredByBash(['ringscope', 'probe', '--target', 'lo'])).toEqual(['local']);
  expect(offeredByBash(['ringscope', 'probe', '--target', '=', 'la'])).toEqual(['lab']);
  expect(offeredByBash(['ringscope', 'probe', '--target', '='])).toEqual(['lab', 'local']);
  expect(offeredByBash(['ringscope', 'completion', ''])).toEqual(['bash', 'zsh']);
  expect(offeredByBash(['ringscope', 'lab', 'sta'])).toEqual(['start', 'status']);
  expect(offeredByBash(['ringscope', 'probe', '--hz', ''])).toEqual([]);
});

test('bash offers files, with spaces in their names, where a file is due', () => {
  const folder = folderWith('a run.mcap', 'other.csv');
  expect(offeredByBash(['ringscope', 'probe', 'a'], folder)).toEqual(['a run.mcap']);
  expect(offeredByBash(['ringscope', 'probe', '-o', 'o'], folder)).toEqual(['other.csv']);
});

const hasZsh = spawnSync('zsh', ['--version']).status === 0;

/** What the script gives to zsh's own completers for a line, `_describe` and `_arguments` standing for them here: one line an argument. */
function givenByZsh(words: readonly string[]): string[] {
  const folder = folderWith();
  writeFileSync(join(folder, '_ringscope'), zshCompletion(table));
  const program = `
    _describe() { print -rl -- "\${(P@)4}" }
    _arguments() { print -rl -- "$@"; print -r -- "words: $words, at $CURRENT" }
    compdef() { : }
    fpath=(${folder}); autoload -Uz _ringscope
    words=(${words.map((word) => `'${word}'`).join(' ')}); CURRENT=${words.length}
    _ringscope`;
  return execFileSync('zsh', ['-f', '-c', program], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');
}

test.skipIf(!hasZsh)('zsh is given every command with its summary', () => {
  const given = givenByZsh(['ringscope', '']);
  for (const { name, summary } of table) expect(given).toContain(`${name}:${summary}`);
  expect(given).toContain('--version[the version]');
});

test.skipIf(!hasZsh)('zsh is given the options of the command, with what stands for something in its words made plain', () => {
  const given = givenByZsh(['ringscope', 'probe', '--t']);
  expect(given).toEqual([
    '-s',
    '--target=[what]:TARGET:(lab local)',
    '--output=[where]:FILE:_files',
    '-o[where]:FILE:_files',
    '--hz=[how often]:N: ',
    '--help[the help of this command]',
    '-h[the help of this command]',
    '*:FILE:_files',
    'words: probe --t, at 2',
  ]);
  expect(givenByZsh(['ringscope', 'lab', '']).join('\n')).toContain(
    '*:[ACTION]:(start status stop build)'.replace('[ACTION]', '\\[ACTION\\]'),
  );
});
