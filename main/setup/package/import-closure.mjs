// The files that a module needs, found by following its relative imports: what is not imported is not shipped.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const specifier = /\b(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;

/** The entries and everything they import by a relative path, however far. */
export function importClosure(entries) {
  const found = new Set();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (found.has(path)) continue;
    found.add(path);
    for (const [, relative] of readFileSync(path, 'utf8').matchAll(specifier)) waiting.push(join(dirname(path), relative));
  }
  return [...found].sort();
}
