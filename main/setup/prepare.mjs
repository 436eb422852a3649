// All that the commands need, in order; the second time it only compares hashes.
import { buildLab } from '../../driver/lab/build.mjs';
import { buildApplication, installPackages } from './application.mjs';
import { isInstalled } from './installation.mjs';
import { prepareMachine } from './machine.mjs';
import { buildNodePty } from './node-pty.mjs';
import { reportProgress } from './progress.mjs';

/** Machine, npm packages, lab, application. Returns the content of `lab.json`. Throws a StepError that says what to do. */
export async function prepare() {
  await prepareMachine(reportProgress);
  await installPackages(reportProgress);
  await buildNodePty(reportProgress);
  const lab = await buildLab(reportProgress);
  await buildApplication(reportProgress);
  return lab;
}

/** What the application itself needs to run. Nothing where a package installed it: npm packages and the built application came with it, and /usr is not written to. */
export async function prepareApplication() {
  if (isInstalled) return;
  await prepareMachine(reportProgress);
  await installPackages(reportProgress);
  await buildNodePty(reportProgress);
  await buildApplication(reportProgress);
}

/** The lab alone, in the user's cache. */
export async function prepareLab(report = reportProgress) {
  await prepareMachine(report);
  return buildLab(report);
}
