// Style sheets are many files that fall on one page: what one says of a selector, no other says again.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../../../renderer/styles');
const sheets = readdirSync(folder).filter((name) => name.endsWith('.css'));

/** Each rule's selector as it is written, with the queries around it. */
function selectorsOf(text: string): string[] {
  const found: string[] = [];
  const around: string[] = [];
  let words = '';
  for (const letter of text.replaceAll(/\/\*.*?\*\//gs, '')) {
    if (letter === '{') {
      const opened = words.trim().replaceAll(/\s+/g, ' ');
      if (!opened.startsWith('@')) found.push([...around.filter((one) => one.startsWith('@')), opened].join(' '));
      around.push(opened);
      words = '';
    } else if (letter === '}' || letter === ';') {
      if (letter === '}') around.pop();
      words = '';
    } else words += letter;
  }
  return found;
}

test('no selector has its rule twice', () => {
  const places = new Map<string, string[]>();
  // Tokens stand in two blocks: what a theme changes, and what no theme changes.
  for (const sheet of sheets)
    for (const selector of selectorsOf(readFileSync(join(folder, sheet), 'utf8')))
      if (!(sheet === 'tokens.css' && selector === ':root')) places.set(selector, [...(places.get(selector) ?? []), sheet]);
  expect([...places].filter(([, where]) => where.length > 1)).toEqual([]);
});

test('each sheet is loaded', () => {
  const main = readFileSync(join(folder, '../main.tsx'), 'utf8');
  expect(sheets.filter((sheet) => !main.includes(`'./styles/${sheet}'`))).toEqual([]);
});
