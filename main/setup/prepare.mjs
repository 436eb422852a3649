// All that both commands need, in order; the second time it only compares hashes.
import { buildLab } from '../../driver/lab/build.mjs';
import { buildApplication, installPackages } from './application.mjs';
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
