// Files below the folder that becomes a package: parents are made, modes are said.
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Copies a file; its mode stays unless one is given. */
export function copyFile(from, to, mode) {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
  if (mode !== undefined) chmodSync(to, mode);
}

/** Writes a text file. */
export function writeText(to, text, mode = 0o644) {
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, text);
  chmodSync(to, mode);
}

/** Writes a gzipped text as Debian wants manuals and changelogs: best compression, no name and no time inside. */
export function writeGzip(to, text) {
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, gzipSync(text, { level: 9 }));
  chmodSync(to, 0o644);
}
