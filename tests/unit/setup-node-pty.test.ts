// The step of the bootstrap that builds node-pty, on a folder of its own and with a builder that is the test.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { buildNodePty } from '../../main/setup/node-pty.mjs';

let folder: string;
let said: string[];
const work = { built: 0, installed: [] as string[][], missing: [] as string[], fails: false, mayInstall: true };

const step = () =>
  buildNodePty(() => undefined, {
    folder,
    missing: () => work.missing,
    install: async (names: string[]) => {
      work.installed.push([...names]);
      if (work.mayInstall) work.missing = [];
      return work.mayInstall;
    },
    build: async () => {
      work.built += 1;
      if (work.fails) throw Object.assign(new Error('Building node-pty failed'), { output: 'gyp info\ngyp ERR! error: no headers\n' });
      mkdirSync(join(folder, 'node-pty/build/Release'), { recursive: true });
      writeFileSync(join(folder, 'node-pty/build/Release/pty.node'), '');
    },
  }) as Promise<void>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringscope-node-pty-'));
  Object.assign(work, { built: 0, installed: [], missing: [], fails: false, mayInstall: true });
  mkdirSync(join(folder, 'node-pty'));
  writeFileSync(join(folder, 'node-pty/package.json'), '{"version":"1.1.0"}');
  said = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  onTestFinished(() => {
    spy.mockRestore();
    rmSync(folder, { recursive: true });
  });
});

test('it is built once, and again when what was built is gone', async () => {
  await step();
  await step();
  expect([work.built, work.installed, said]).toEqual([1, [], []]);
  rmSync(join(folder, 'node-pty/build'), { recursive: true });
  await step();
  expect(work.built).toBe(2);
  expect(existsSync(join(folder, 'node-pty/build/Release/pty.node'))).toBe(true);
});

test('missing tools are installed where that is allowed', async () => {
  work.missing = ['g++', 'make'];
  await step();
  expect([work.built, work.installed]).toEqual([1, [['g++', 'make']]]);
});

test('where they cannot be installed it says so once, goes on, and tries again when they have appeared', async () => {
  work.missing = ['g++'];
  work.mayInstall = false;
  await step();
  await step();
  expect(said).toEqual([expect.stringMatching(/shells cannot be opened.*sudo apt-get install g\+\+.*everything else works/)]);
  expect([work.built, work.installed.length]).toEqual([0, 1]);
  work.missing = [];
  await step();
  expect(work.built).toBe(1);
});

test('a build that fails is told with its own words and not repeated', async () => {
  work.fails = true;
  await step();
  await step();
  expect(work.built).toBe(1);
  expect(said).toEqual([expect.stringContaining('gyp ERR! error: no headers')]);
});
