// `npm run test:local`: boots a guest that is a whole Debian with the application installed, and runs there, as its users, what somebody does on a machine of
// their own. Builds the guest's image on the first run (two minutes, 3 GB on disk, 200 MB downloaded).
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../../driver/lab/cache.mjs';
import { applicationFiles, localImage, localInitramfs } from '../../driver/lab/local-guest.mjs';
import { checkout } from './application.mjs';
import { launch } from './launch.mjs';
import { prepare } from './prepare.mjs';
import { reportFailure, reportProgress } from './progress.mjs';

const folder = mkdtempSync(join(tmpdir(), 'ringscope-test-local-'));

async function image(lab) {
  const title = 'Image of the guest for test:local';
  const begun = Date.now();
  let isTold = false;
  const tell = (state, line) => {
    if (!isTold) reportProgress({ title, state: 'begin' });
    isTold = true;
    if (state !== 'begin') reportProgress({ title, line, seconds: (Date.now() - begun) / 1000, state });
  };
  const made = await withLock(() => localImage(lab.root, lab.kernelTree, (line) => tell('line', line)));
  if (isTold) tell('done');
  return join(made.folder, 'root.ext4');
}

try {
  const lab = await prepare();
  const rootImage = await image(lab);
  const application = await applicationFiles(checkout);
  const files = await localInitramfs({ root: lab.root, agent: lab.agent, checkout, application, folder });
  const description = join(folder, 'guest.json');
  writeFileSync(description, JSON.stringify({ lab, rootImage, folder, ...files }));
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'tests/vitest.config.ts', '--project', 'local', '--reporter=verbose'];
  process.exitCode = await launch(process.execPath, [join(checkout, args[0]), ...args.slice(1), ...process.argv.slice(2)], {
    cwd: checkout,
    env: { ...process.env, RINGSCOPE_LOCAL_GUEST: description },
  });
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
} finally {
  if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
}
