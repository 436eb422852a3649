// The manual page as troff reads it.
import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { Command } from '../../../main/node/cli/command.ts';
import { commands } from '../../../main/node/cli/commands.ts';
import { manPage } from '../../../main/node/cli/man-page.ts';

const awkward: Command = {
  name: 'awk-ward',
  summary: 'backslashes \\n, dots and quotes',
  description: ".SH is not a heading here, nor 'tis a request; C:\\n stays, `bold` is bold – and … is three dots.",
  options: { 'dry-run': { short: 'n', description: "'quoted' \\fBnot bold\\fR" } },
  exitCodes: { 4: 'when it rains' },
  run: async () => 0,
};

const hasGroff = spawnSync('groff', ['--version']).status === 0;

function typeset(page: string): { text: string; warnings: string } {
  const result = spawnSync('groff', ['-man', '-ww', '-Tutf8', '-P-cbou'], {
    input: page,
    encoding: 'utf8',
    env: { ...process.env, MANWIDTH: '100' },
  });
  return { text: result.stdout.replaceAll('\u2010', '-').replaceAll('\u2212', '-'), warnings: result.stderr };
}

test.skipIf(!hasGroff)('groff has nothing to warn of, and every command, option and exit code is there', () => {
  const { text, warnings } = typeset(manPage([...commands, awkward], '9.9.9'));
  expect(warnings).toBe('');
  for (const { name, options, exitCodes } of [...commands, awkward]) {
    expect(text).toMatch(new RegExp(`^ +${name}$`, 'm'));
    for (const [option, { argument }] of Object.entries(options)) expect(text).toContain(`--${option}${argument ? ` ${argument}` : ''}`);
    for (const code of Object.keys(exitCodes ?? {})) expect(text).toMatch(new RegExp(`^ +${code} `, 'm'));
  }
});

test.skipIf(!hasGroff)('no text is taken for a request or an escape', () => {
  const { text } = typeset(manPage([awkward], '9.9.9'));
  const words = text.replace(/\s+/g, ' ');
  expect(words).toContain('.SH is not a heading here');
  expect(words).toContain('C:\\n stays, bold is bold – and ... is three dots.');
  expect(words).toContain("'quoted' \\fBnot bold\\fR");
});

test.skipIf(spawnSync('man', ['--version']).status !== 0)('man shows it without a warning', () => {
  const result = spawnSync('man', ['--warnings', '--local-file', '-'], {
    input: manPage(commands, '9.9.9'),
    encoding: 'utf8',
    env: { ...process.env, MANPAGER: 'cat', LC_ALL: 'C.UTF-8' },
  });
  expect(result.stderr).toBe('');
  expect(result.stdout).toContain('RINGSCOPE(1)');
});
