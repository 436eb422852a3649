// The built page as an exact list: a request is looked up, never turned into a path, so there is nothing to climb out of.
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

/** One file of the page. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The page's files by URL path: `/`, `/assets/index-1a2b.js`, … */
export type PageFiles = ReadonlyMap<string, PageFile>;

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

/**
 * Reads every regular file below `folder`; links are not followed. A file of a kind that a page does not need is left out. Throws an Error with a
 * sentence when the page was not built.
 */
export function readPageFiles(folder: string): PageFiles {
  const files = new Map<string, PageFile>();
  let entries: ReturnType<typeof listing>;
  try {
    entries = listing(folder);
  } catch {
    throw new Error(`The page is not built: ${folder} cannot be read. Run “npm run build”.`);
  }
  for (const entry of entries) {
    const type = types[extname(entry.name)];
    if (!entry.isFile() || !type) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(`/${relative(folder, path).split(sep).join('/')}`, { type, bytes: new Uint8Array(readFileSync(path)) });
  }
  const index = files.get('/index.html');
  if (!index) throw new Error(`The page is not built: ${folder} has no index.html. Run “npm run build”.`);
  files.set('/', index);
  return files;
}

function listing(folder: string) {
  return readdirSync(folder, { recursive: true, withFileTypes: true });
}
