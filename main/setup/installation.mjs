// A package leaves this file beside package.json: then packages come from the package manager, and nothing here is built or written.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './application.mjs';

/** Whether a package manager installed the application. */
export const isInstalled = existsSync(join(checkout, 'installed.json'));
