// What `modinfo` says to somebody who has only the file.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { runInside } from '../../driver/lab/run.mjs';
import { readLabDescription } from '../../main/node/lab/lab-description.ts';

const description = readLabDescription();
if (!description.ok) throw new Error(description.error);
const lab = description.value;
const checkout = join(import.meta.dirname, '../..');

let fields: Map<string, string[]>;

beforeAll(async () => {
  const said = await runInside(lab.root, ['modinfo', '/mnt/module/rigb.ko'], { read: { '/mnt/module': dirname(lab.module) } });
  fields = new Map();
  for (const [, name = '', value = ''] of said.matchAll(/^(\w+): *(.*)$/gm)) fields.set(name, [...(fields.get(name) ?? []), value]);
});

test('it names the card, the authors and the licence', () => {
  expect(fields.get('description')).toEqual(['Intel 82576 Gigabit Ethernet']);
  expect(fields.get('author')).toEqual(['Ringscope developers']);
  expect(fields.get('license')).toEqual(['GPL v2']);
});

test('its version is the one that DKMS and the application’s package have', () => {
  const version = (JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as { version: string }).version;
  expect(fields.get('version')).toEqual([version]);
});

test('its only alias is the 82576, so that it is loaded for no other card', () => {
  expect(fields.get('alias')).toEqual(['pci:v00008086d000010C9sv*sd*bc*sc*i*']);
});

test('it is for the lab’s kernel and needs no other module and no firmware', () => {
  expect(fields.get('vermagic')?.[0]).toMatch(new RegExp(`^${lab.kernelRelease.replaceAll('+', '\\+')} `));
  expect(fields.get('depends')).toEqual(['']);
  expect(fields.get('firmware')).toBeUndefined();
});

test('it has no parameters: all that can be set is set through ethtool and netlink', () => {
  expect(fields.get('parm')).toBeUndefined();
});
