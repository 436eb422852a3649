import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkedPath } from '../../../main/node/local/safe-path.ts';

const me = process.getuid?.() ?? 0;
let directory = '';
let agent = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringscope-safe-'));
  mkdirSync(join(directory, 'inner'), { mode: 0o755 });
  agent = join(directory, 'inner', 'ringscope-agent');
  writeFileSync(agent, '', { mode: 0o755 });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('a file that only its owner can write is taken, below a sticky folder too', () => {
  expect(checkedPath(agent, me)).toEqual({ ok: true, value: agent });
});

test('a file that others can write is refused with the command that mends it', () => {
  chmodSync(agent, 0o777);
  expect(checkedPath(agent, me)).toMatchObject({ ok: false, error: expect.stringContaining(`chmod go-w ${agent}`) });
  chmodSync(agent, 0o775);
  expect(checkedPath(agent, me).ok).toBe(false);
});

test('a folder on the way that anyone can write is refused, however far up it is', () => {
  chmodSync(directory, 0o777);
  expect(checkedPath(agent, me)).toMatchObject({ ok: false, error: expect.stringContaining(`chmod o-w ${directory}`) });
  // Sticky: nobody can replace what is another's.
  chmodSync(directory, 0o1777);
  expect(checkedPath(agent, me).ok).toBe(true);
});

test('a file or a folder of another user is refused', () => {
  // As if somebody else asked: the file is neither root's nor theirs, unless the test runs as root.
  const answer = checkedPath(agent, me + 1);
  expect(answer.ok).toBe(me === 0);
  if (!answer.ok) expect(answer.error).toContain('belongs to another user');
});

test('what is not there, or no file, is said', () => {
  expect(checkedPath(join(directory, 'gone'), me)).toMatchObject({ ok: false, error: expect.stringContaining('not there') });
  expect(checkedPath(directory, me)).toMatchObject({ ok: false, error: expect.stringContaining('not a file') });
});
