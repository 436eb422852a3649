import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keyOf, product, withLock } from '../../../driver/lab/cache.mjs';
import { StepError } from '../../../driver/lab/run.mjs';
import { explainMirrorFailure } from '../../../driver/lab/steps.mjs';

let home: string;
const before = process.env.XDG_CACHE_HOME;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'ringscope-cache-'));
  process.env.XDG_CACHE_HOME = home;
});

afterEach(() => {
  if (before === undefined) delete process.env.XDG_CACHE_HOME;
  else process.env.XDG_CACHE_HOME = before;
  rmSync(home, { recursive: true });
});

test('a key changes with the content, the name and the executable bit of a file, and with nothing else', () => {
  const source = join(home, 'source');
  mkdirSync(source);
  writeFileSync(join(source, 'a.c'), 'int a;');
  const first = keyOf({ paths: [source] });
  expect(keyOf({ paths: [source] })).toBe(first);
  writeFileSync(join(source, 'a.c'), 'int b;');
  const second = keyOf({ paths: [source] });
  expect(second).not.toBe(first);
  writeFileSync(join(source, 'b.c'), '');
  expect(keyOf({ paths: [source] })).not.toBe(second);
});

test('a product is made once, and an older key of the same name goes', async () => {
  let runs = 0;
  const make = (folder: string) => {
    runs += 1;
    writeFileSync(join(folder, 'file'), String(runs));
  };
  await product('thing', 'old', make);
  const first = await product('thing', 'new', make);
  const second = await product('thing', 'new', make);
  expect([first.made, second.made, runs]).toEqual([true, false, 2]);
  expect(readFileSync(join(second.folder, 'file'), 'utf8')).toBe('2');
  expect(readdirSync(join(home, 'ringscope'))).toEqual(['thing-new']);
});

test('a product whose making failed is not taken for whole, and is made anew', async () => {
  const failing = product('thing', 'key', (folder: string) => {
    writeFileSync(join(folder, 'half'), '');
    throw new Error('disk full');
  });
  await expect(failing).rejects.toThrow('disk full');
  const again = await product('thing', 'key', (folder: string) => writeFileSync(join(folder, 'whole'), ''));
  expect(readdirSync(again.folder)).toEqual(['whole']);
});

test('the lock of a process that is gone is taken over', async () => {
  mkdirSync(join(home, 'ringscope'));
  writeFileSync(join(home, 'ringscope/building.pid'), '999999999');
  expect(await withLock(() => 'built')).toBe('built');
  expect(existsSync(join(home, 'ringscope/building.pid'))).toBe(false);
});

test('a pinned version that has left the mirror is named together with the entry to bump', () => {
  const output = "E: Version '7.3.4-1~bpo13+1' for 'linux-headers-7.3.4+deb13-amd64' was not found\n";
  const error = explainMirrorFailure(new StepError('mmdebstrap failed', { output }));
  expect(error.message).toContain('linux-headers-7.3.4+deb13-amd64 7.3.4-1~bpo13+1');
  expect(error.remedy).toContain('driver/lab/versions.json');
});
