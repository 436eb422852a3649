// `npm run test:endurance`: the driver under two-way traffic for an hour or two, while it is loaded, bound, unplugged and reconfigured; tests/endurance runs it.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout, installPackages } from './application.mjs';
import { prepareMachine } from './machine.mjs';
import { prepareLab } from './prepare.mjs';
import { reportFailure, reportProgress } from './progress.mjs';

try {
  await prepareMachine(reportProgress);
  await installPackages(reportProgress);
  const { start } = await import(pathToFileURL(join(checkout, 'tests/endurance/start.mjs')).href);
  process.exitCode = await start(process.argv.slice(2), prepareLab);
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
