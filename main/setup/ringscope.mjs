#!/usr/bin/env node
// `npm run ringscope -- …`, or `ringscope …` where it is installed: the command line, prepared first. Progress goes to standard error, so that standard
// output stays the document asked for.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout } from './application.mjs';
import { launch } from './launch.mjs';
import { prepareApplication, prepareLab } from './prepare.mjs';
import { reportFailure } from './progress.mjs';

const args = process.argv.slice(2);
try {
  await prepareApplication();
  const { usesLab } = await import(pathToFileURL(join(checkout, 'out/main/uses-lab.js')).href);
  if (usesLab(args)) await prepareLab();
  process.exitCode = await launch(process.execPath, [join(checkout, 'out/main/ringscope.js'), ...args], {
    env: { ...process.env, RINGSCOPE_PREPARED: '1' },
  });
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
