import { expect, test } from 'vitest';
import { allowsWrites } from '../../main/node/allow-writes.ts';
import { firstTarget } from '../../main/node/first-target.ts';

test('registers may be written only when the application was told so', () => {
  expect(allowsWrites(['--target', 'local'])).toBe(false);
  expect(allowsWrites(['--target', 'local', '--allow-writes'])).toBe(true);
});

test('allowing writes leaves the target as it was chosen', () => {
  expect(firstTarget(['--target', 'local', '--allow-writes'])).toEqual({ kind: 'local' });
  expect(firstTarget(['--allow-writes'])).toEqual({ kind: 'lab' });
});

test('whoever only looks cannot be allowed to write', () => {
  expect(() => allowsWrites(['--target', 'local', '--observe', '--allow-writes'])).toThrow(/leave one out/);
});
