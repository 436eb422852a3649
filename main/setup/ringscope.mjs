#!/usr/bin/env node
// `npm run ringscope -- …`: the command line, prepared first. Progress goes to standard error, so that standard output stays the document asked for.
import { join } from 'node:path';
import { checkout } from './application.mjs';
import { launch } from './launch.mjs';
import { prepare } from './prepare.mjs';
import { reportFailure } from './progress.mjs';

try {
  await prepare();
  process.exitCode = await launch(process.execPath, [join(checkout, 'out/main/ringscope.js'), ...process.argv.slice(2)]);
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
