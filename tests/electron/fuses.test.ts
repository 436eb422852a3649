// The fuses of a package: what main/electron/fuses.json names must be what electron-builder knows, and closed.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';

const require = createRequire(import.meta.url);
const fuses: Record<string, boolean> = JSON.parse(readFileSync(new URL('../../main/electron/fuses.json', import.meta.url), 'utf8'));

test('every fuse is one that electron-builder sets', () => {
  const path = require.resolve('app-builder-lib/package.json').replace('package.json', 'scheme.json');
  const { definitions } = JSON.parse(readFileSync(path, 'utf8'));
  const known = Object.keys(definitions.FuseOptionsV1.properties);
  expect(Object.keys(fuses).filter((name) => !known.includes(name))).toEqual([]);
});

test('nothing can turn the application into a plain Node, or have it load another’s code', () => {
  const { onlyLoadAppFromAsar, ...others } = fuses;
  expect(onlyLoadAppFromAsar).toBe(true);
  expect(Object.values(others).some(Boolean)).toBe(false);
});
