// Where recordings live: in the user's data, for nobody else to read.
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** `$XDG_DATA_HOME/ringscope/recordings`; made with mode 0700. */
export function recordingsDirectory(): string {
  const base = process.env.XDG_DATA_HOME || join(homedir(), '.local/share');
  const path = join(base, 'ringscope', 'recordings');
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}
