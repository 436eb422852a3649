// Whether every session of a window is recorded from its start: a user's choice that outlives the application.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const setting = z.object({ always: z.boolean() });

function path(): string {
  return join(process.env.XDG_CONFIG_HOME || join(homedir(), '.config'), 'ringscope', 'recording.json');
}

/** The choice; false when it was never made, or its file is not understood. */
export function recordsAlways(): boolean {
  try {
    const read = setting.safeParse(JSON.parse(readFileSync(path(), 'utf8')));
    return read.success && read.data.always;
  } catch {
    return false;
  }
}

/** Keeps the choice. Throws the system's error when it cannot be written. */
export function setRecordsAlways(always: boolean): void {
  mkdirSync(dirname(path()), { recursive: true, mode: 0o700 });
  writeFileSync(path(), `${JSON.stringify({ always })}\n`, { mode: 0o600 });
}
