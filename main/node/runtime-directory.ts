// Sockets live where only their owner may look.
import { lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

function privateDirectory(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const stat = lstatSync(path);
  const isOurs = stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0;
  if (!isOurs) throw new Error(`${path} must be a directory of this user's alone (mode 0700). Remove it and start again.`);
  return path;
}

/** `$XDG_RUNTIME_DIR/ringscope/NAME`, else `/tmp/ringscope-UID/NAME`: made with mode 0700, refused when it is someone else's or open to others. */
export function runtimeDirectory(name: string): string {
  const base = process.env.XDG_RUNTIME_DIR
    ? join(process.env.XDG_RUNTIME_DIR, 'ringscope')
    : join(tmpdir(), `ringscope-${process.getuid?.()}`);
  privateDirectory(base);
  return privateDirectory(join(base, name));
}
