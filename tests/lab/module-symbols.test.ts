import { basename, dirname } from 'node:path';
import { expect, test } from 'vitest';
import { runInside } from '../../driver/lab/run.mjs';
import { readLabDescription } from '../../main/node/lab/lab-description.ts';

const description = readLabDescription();
if (!description.ok) throw new Error(description.error);
const lab = description.value;

const undefinedSymbols = (file: string): Promise<string> =>
  runInside(lab.root, ['nm', '-u', `/mnt/module/${basename(file)}`], { read: { '/mnt/module': dirname(file) } });

test('no path of the module can panic: it calls nothing of the panicking module of core', async () => {
  const symbols = await undefinedSymbols(lab.module);
  expect(symbols).toContain('_printk');
  expect(symbols).not.toMatch(/panic/i);
});

test('the module needs no symbol that only this build root has', async () => {
  const symbols = (await undefinedSymbols(lab.module)).split('\n').map((line) => line.trim().replace(/^U /, ''));
  expect(symbols.filter((symbol) => symbol.startsWith('rigb_'))).toEqual([]);
});
