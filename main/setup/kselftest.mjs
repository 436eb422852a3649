// `npm run test:kselftest`: the kernel's own network driver tests on igb and on rigb; tests/kselftest runs them. Builds their guest on the first run (two
// minutes, 200 MB on disk, 250 MB downloaded).
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withLock } from '../../driver/lab/cache.mjs';
import { kselftestImage, selftests } from '../../driver/lab/kselftest.mjs';
import { checkout, installPackages } from './application.mjs';
import { prepareMachine } from './machine.mjs';
import { prepareLab } from './prepare.mjs';
import { reportFailure, reportProgress } from './progress.mjs';

async function step(title, make) {
  const begun = Date.now();
  let isTold = false;
  const tell = (state, line) => {
    if (!isTold) reportProgress({ title, state: 'begin' });
    isTold = true;
    if (state !== 'begin') reportProgress({ title, line, seconds: (Date.now() - begun) / 1000, state });
  };
  const { folder, made } = await make((line) => tell('line', line));
  if (made) tell('done');
  return folder;
}

async function prepare() {
  const lab = await prepareLab();
  return withLock(async () => {
    const programs = await step("The kernel's selftests", (onLine) => selftests(lab.root, onLine));
    const image = await step('Image of the guest for test:kselftest', (onLine) => kselftestImage(lab.root, programs, onLine));
    return { lab, image };
  });
}

try {
  await prepareMachine(reportProgress);
  await installPackages(reportProgress);
  const { start } = await import(pathToFileURL(join(checkout, 'tests/kselftest/start.mjs')).href);
  process.exitCode = await start(process.argv.slice(2), prepare);
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
