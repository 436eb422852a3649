// What a package installs outside /usr/lib/ringscope.
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../../driver/lab/run.mjs';
import { checkout } from '../application.mjs';
import { copyFile, writeGzip, writeText } from './staging.mjs';

const linux = join(checkout, 'assets/linux');

/** What the built command line prints. */
function printed(...args) {
  return run(process.execPath, [join(checkout, 'out/main/ringscope.js'), ...args], { describe: `ringscope ${args.join(' ')}` });
}

/** Lays the rest out below `staging`. */
export async function layOutSystem({ staging }) {
  const usr = join(staging, 'usr');
  for (const name of readdirSync(join(linux, 'commands'))) copyFile(join(linux, 'commands', name), join(usr, 'bin', name), 0o755);
  copyFile(join(linux, 'desktop/ringscope-web.desktop'), join(usr, 'share/applications/ringscope-web.desktop'), 0o644);
  for (const name of readdirSync(join(checkout, 'assets/icons'))) {
    const size = /^(\d+x\d+)\.png$/.exec(name)?.[1];
    if (size) copyFile(join(checkout, 'assets/icons', name), join(usr, `share/icons/hicolor/${size}/apps/ringscope.png`), 0o644);
  }
  copyFile(join(checkout, 'assets/icons/ringscope.svg'), join(usr, 'share/icons/hicolor/scalable/apps/ringscope.svg'), 0o644);
  copyFile(join(linux, 'org.ringscope.policy'), join(usr, 'share/polkit-1/actions/org.ringscope.policy'), 0o644);
  copyFile(join(linux, 'ringscope-observe'), join(usr, 'lib/ringscope/ringscope-observe'), 0o755);
  copyFile(join(linux, 'systemd/ringscope-web.service'), join(usr, 'lib/systemd/user/ringscope-web.service'), 0o644);
  writeText(join(usr, 'share/bash-completion/completions/ringscope'), await printed('completion', 'bash'));
  writeText(join(usr, 'share/zsh/vendor-completions/_ringscope'), await printed('completion', 'zsh'));
  writeGzip(join(usr, 'share/man/man1/ringscope.1.gz'), await printed('manual'));
  symlinkSync('ringscope.1.gz', join(usr, 'share/man/man1/ringscope-web.1.gz'));
  layOutDkms(join(usr, 'src'));
}

/** The driver's version, as its DKMS configuration says it. */
export function driverVersion() {
  return /^PACKAGE_VERSION="([^"]+)"$/m.exec(readFileSync(join(checkout, 'driver/rigb/dkms.conf'), 'utf8'))[1];
}

// What is built or packed; neither the host's tests nor what a build in the checkout left.
const driverSource = /^(Kbuild|Makefile|README\.md|dkms\.conf|src|[\w-]+\.(c|h|sh))$/;

/** The driver's source as DKMS takes it. */
function layOutDkms(sources) {
  const folder = join(sources, `rigb-${driverVersion()}`);
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(join(checkout, 'driver/rigb')))
    if (driverSource.test(name)) cpSync(join(checkout, 'driver/rigb', name), join(folder, name), { recursive: true });
}
