#!/usr/bin/env node
// `npm run package:headless`: dist/ringscope-headless_VERSION_amd64.deb, the application with a browser as its window, and dist/ringscope-node_…_amd64.deb,
// a Node runtime for systems whose own is too old.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { keyOf } from '../../driver/lab/cache.mjs';
import { run } from '../../driver/lab/run.mjs';
import { checkout, stamped } from './application.mjs';
import { layOutApplication } from './package/application-tree.mjs';
import { lowestLibc, maintainer, makeArchive } from './package/debian-archive.mjs';
import { copyrightText } from './package/licences.mjs';
import { packageNodeRuntime } from './package/node-runtime.mjs';
import { writeText } from './package/staging.mjs';
import { driverVersion, layOutSystem } from './package/system-tree.mjs';
import { prepare } from './prepare.mjs';
import { reportFailure, reportProgress } from './progress.mjs';

const packageName = 'ringscope-headless';
const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));

/** The time that all files get: SOURCE_DATE_EPOCH, else the last commit's, else now. */
async function epoch() {
  if (process.env.SOURCE_DATE_EPOCH) return Number(process.env.SOURCE_DATE_EPOCH);
  try {
    return Number((await run('git', ['log', '-1', '--format=%ct'], { cwd: checkout })).trim());
  } catch {
    return Math.floor(Date.now() / 1000);
  }
}

const readme = `Ringscope, without Electron
===========================

  ringscope --help     the command line; man ringscope
  ringscope-web        the window: prints an address, and opens it where there is a display and Chromium

The lab is built when it is first needed, into ~/.cache/ringscope (about five minutes, 700 MB downloaded,
5 GB on disk), by the user who needs it and not as root. \`ringscope lab build\` does it beforehand.
It takes /dev/kvm where the user may use it: \`sudo adduser USER kvm\`.

On a lab machine that is reached through ssh:

  systemctl --user enable --now ringscope-web    127.0.0.1:8257, as the user who logs in
  loginctl enable-linger                         keeps it running after the logout
  journalctl --user -u ringscope-web -n 20       shows the address; each opens one page
  ssh -L 8257:127.0.0.1:8257 MACHINE             on the machine with the browser

The driver's source for DKMS is in /usr/src/rigb-${driverVersion()}: \`sudo dkms install rigb/${driverVersion()}\` on a kernel with
Rust support, its headers, rustc, rust-src, bindgen and clang as the kernel was built with. Nothing is built
without being asked for, and removal takes away what was.

Debian 12 has Node 18, which is too old; install ringscope-node beside this package there:

  apt install ./ringscope-headless_${version}_amd64.deb ./ringscope-node_*_amd64.deb
`;

const description = `inspector for network drivers, with a browser as its window
 Loads a network driver written in Rust in a lab guest that it brings along and
 shows live what driver and card do: queues, the DMA descriptors that the card
 wrote, interrupts, the kernel log. The window is served on 127.0.0.1 and opened
 in Chromium, or through an ssh tunnel; a command line does without it.
 .
 The lab is built on first use from Debian packages, in the user's own cache.`;

// DKMS keeps copies of its own; whatever was made of our source goes with it.
const prerm = `#!/bin/sh
set -e
if [ "$1" = remove ] && command -v dkms >/dev/null && [ -e /var/lib/dkms/rigb/${driverVersion()} ]; then
  dkms remove "rigb/${driverVersion()}" --all || true
fi
`;

const dayOf = (epochSeconds) => new Date(epochSeconds * 1000).toUTCString().replace('GMT', '+0000');
const changelogOf = (name, of, epochSeconds) =>
  `${name} (${of}) unstable; urgency=medium\n\n  * Built from Ringscope ${version}.\n\n -- ${maintainer}  ${dayOf(epochSeconds)}\n`;

async function packageApplication({ staging, archive, agent, epochSeconds, onLine }) {
  await layOutApplication({ staging, agent, packageName });
  await layOutSystem({ staging });
  const doc = join(staging, 'usr/share/doc', packageName);
  writeText(join(doc, 'copyright'), copyrightText());
  writeText(join(doc, 'README.Debian'), readme);
  const native = join(staging, 'usr/lib/ringscope/node_modules/node-pty/build/Release/pty.node');
  const fields = {
    Package: packageName,
    Section: 'net',
    Priority: 'optional',
    Depends: `nodejs (>= 20.19) | ringscope-node, libc6 (>= ${lowestLibc(native)}), libstdc++6, libgcc-s1, bubblewrap, mmdebstrap, uidmap`,
    Recommends: 'chromium',
    Suggests: 'dkms, polkitd, pkexec',
    // The package with Electron has the same agent, policy and driver source.
    Conflicts: 'ringscope',
    Description: description,
  };
  await makeArchive({
    staging,
    archive,
    version,
    fields,
    scripts: { prerm },
    changelog: changelogOf(packageName, version, epochSeconds),
    epochSeconds,
    onLine,
  });
}

try {
  const lab = await prepare();
  const folder = join(checkout, 'dist');
  const archive = join(folder, `${packageName}_${version}_amd64.deb`);
  mkdirSync(folder, { recursive: true });
  const scratch = mkdtempSync(join(tmpdir(), 'ringscope-package-'));
  try {
    const epochSeconds = await epoch();
    const inputs = ['out/.ringscope-key', 'package-lock.json', 'assets/linux', 'assets/icons', 'main/setup', 'driver', 'renderer'];
    const key = keyOf({ texts: [String(epochSeconds)], paths: [...inputs.map((path) => join(checkout, path)), lab.agent] });
    if (!existsSync(archive)) rmSync(join(folder, '.ringscope-key'), { force: true });
    await stamped(join(folder, '.ringscope-key'), key, 'Package of the application', reportProgress, (onLine) =>
      packageApplication({ staging: join(scratch, 'headless'), archive, agent: lab.agent, epochSeconds, onLine }),
    );
    const runtime = await packageNodeRuntime({ staging: join(scratch, 'node'), folder, changelogOf });
    for (const path of [archive, runtime]) process.stdout.write(`${relative(process.cwd(), path)}\n`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
