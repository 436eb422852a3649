// The version of the application, from the package that it belongs to: beside the sources as well as beside the bundle.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const manifest = z.object({ name: z.literal('ringscope'), version: z.string() });

/** The version in the nearest `package.json` above this file. Throws an Error when the application lies outside its package. */
export function applicationVersion(): string {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    const found = existsSync(path) ? manifest.safeParse(JSON.parse(readFileSync(path, 'utf8'))) : null;
    if (found?.success) return found.data.version;
  }
  throw new Error(`No package.json of Ringscope lies above ${start}.`);
}
