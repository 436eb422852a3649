// Where this application lies: in a checkout, or below /usr as a package put it. A package leaves `installed.json` beside its package.json.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const manifest = z.object({ name: z.literal('ringscope'), version: z.string() });

/** The folder of Ringscope's package.json above this file, and the version in it. Throws an Error when the application lies outside its package. */
export function applicationPackage(): { readonly folder: string; readonly version: string } {
  const start = dirname(fileURLToPath(import.meta.url));
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    const found = existsSync(path) ? manifest.safeParse(JSON.parse(readFileSync(path, 'utf8'))) : null;
    if (found?.success) return { folder, version: found.data.version };
  }
  throw new Error(`No package.json of Ringscope lies above ${start}.`);
}

/** Whether a package manager installed the application. */
export function isInstalled(): boolean {
  return existsSync(join(applicationPackage().folder, 'installed.json'));
}

/** The command line as a user of this installation types it, such as `npm run ringscope -- snapshot` or `ringscope snapshot`. */
export function ownCommand(args: string): string {
  return `${isInstalled() ? 'ringscope' : 'npm run ringscope --'} ${args}`;
}

/** The command that builds what is missing of the lab. */
export function buildCommand(): string {
  return isInstalled() ? 'ringscope lab build' : 'npm run setup';
}
