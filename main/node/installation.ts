// Whether a package manager installed this application, and how its commands are then called. A package leaves `installed.json` beside package.json.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { applicationPackage } from './application-root.ts';

/** Whether a package manager installed the application. */
export function isInstalled(): boolean {
  return existsSync(join(applicationPackage().root, 'installed.json'));
}

/** The command line as a user of this installation types it, such as `npm run ringscope -- snapshot` or `ringscope snapshot`. */
export function ownCommand(args: string): string {
  return `${isInstalled() ? 'ringscope' : 'npm run ringscope --'} ${args}`;
}

/** The command that builds what is missing of the lab. */
export function buildCommand(): string {
  return isInstalled() ? 'ringscope lab build' : 'npm run setup';
}
