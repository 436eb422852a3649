// Where the application lies: beside its sources in a checkout, beside its bundle when it is installed.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const manifest = z.object({ name: z.literal('ringscope'), version: z.string() });

/** The folder of the nearest `package.json` of Ringscope above this file, and the version it names. Throws an Error when the application lies outside its package. */
export function applicationPackage(): { readonly root: string; readonly version: string } {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    const found = existsSync(path) ? manifest.safeParse(JSON.parse(readFileSync(path, 'utf8'))) : null;
    if (found?.success) return { root: folder, version: found.data.version };
  }
  throw new Error(`No package.json of Ringscope lies above ${start}.`);
}
