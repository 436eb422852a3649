// The documentation's pictures are there, and small enough to be cloned by everybody.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'docs/pictures');

test.each(['README.md', 'docs/tour.md'])('every picture that %s shows is there', (page) => {
  const text = readFileSync(join(root, page), 'utf8');
  const shown = [...text.matchAll(/(?:\]\(|src="|srcset=")([^)"]+\.png)/g)].map((match) => match[1] ?? '');
  expect(shown.length).toBeGreaterThan(1);
  expect(shown.filter((path) => !existsSync(join(root, dirname(page), path)))).toEqual([]);
});

test('all pictures together are below 4 MB', () => {
  const bytes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(4e6);
});
