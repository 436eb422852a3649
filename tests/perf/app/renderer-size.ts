// Row: what the browser has to fetch before the window can be drawn, as the built files are, each compressed by itself. What is loaded on demand, such as the terminal, does not count.
import { readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BenchRow } from './row.ts';

const built = join(import.meta.dirname, '../../../out/renderer');

/** The files that a script imports before it runs; `import()` is none of them. */
export function staticImports(script: string): string[] {
  // Minified: `import{a as b}from"./c.js"`, `import"./c.js"`, `export{a}from"./c.js"`.
  return [...script.matchAll(/(?:^|[;}\n])\s*(?:import|export)\s*(?:[\w$*\s{},]*?from\s*)?["'](\.{1,2}\/[^"']+)["']/g)].map(
    ([, path]) => path ?? '',
  );
}

/** The scripts and style sheets that a page names, as paths beside it. */
export function namedFiles(page: string): string[] {
  return [...page.matchAll(/(?:src|href)="(?:\.?\/)?([^"]+\.(?:js|css))"/g)].map(([, path]) => path ?? '');
}

/** Bytes of each file of the first load, compressed: the page, what it names, and what that imports. */
export function firstLoad(page: string, read: (path: string) => Uint8Array): Map<string, number> {
  const sizes = new Map<string, number>();
  const visit = (path: string) => {
    if (sizes.has(path)) return;
    const bytes = read(path);
    sizes.set(path, gzipSync(bytes, { level: 9 }).length);
    if (!path.endsWith('.js')) return;
    for (const imported of staticImports(Buffer.from(bytes).toString())) visit(posix.join(dirname(path), imported));
  };
  sizes.set(page, gzipSync(read(page), { level: 9 }).length);
  for (const path of namedFiles(Buffer.from(read(page)).toString())) visit(path);
  return sizes;
}

export const rendererSize: BenchRow = {
  id: 'renderer-size',
  goals: [{ row: 'renderer before the terminal, compressed', unit: 'kB', goal: 200, bound: 'below' }],
  async measure() {
    const sizes = firstLoad('index.html', (path) => readFileSync(join(built, path)));
    const kB = (ending: string) => [...sizes].reduce((sum, [path, bytes]) => sum + (path.endsWith(ending) ? bytes : 0), 0) / 1000;
    const most = [...sizes].sort(([, a], [, b]) => b - a).slice(0, 3);
    const largest = most.map(([path, bytes]) => `${path.replace(/^.*\/|-[\w-]{8}(?=\.)/g, '')} ${(bytes / 1000).toFixed(1)}`).join(', ');
    return {
      values: [kB('')],
      note: `${sizes.size} files: scripts ${kB('.js').toFixed(1)}, style ${kB('.css').toFixed(1)}, page ${kB('.html').toFixed(1)}; the largest: ${largest}`,
    };
  },
};
