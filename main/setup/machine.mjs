// What the machine must have: asked by capability (can the program be started?), installed through apt where we may, else the one command is shown.
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run, StepError } from '../../driver/lab/run.mjs';
import { isInstalled } from './installation.mjs';

const lowestNode = [20, 19];

// Each program, the Debian package that has it, and why it is wanted.
const programs = [
  { program: 'mmdebstrap', package: 'mmdebstrap', why: 'makes the build root' },
  { program: 'bwrap', package: 'bubblewrap', why: 'runs compiler and QEMU inside the build root' },
  { program: 'tar', package: 'tar', why: 'unpacks the build root' },
  { program: 'newuidmap', package: 'uidmap', why: 'lets an unprivileged user make the build root', unless: () => process.getuid() === 0 },
  // A package recommends it instead: a machine that is looked at through ssh needs none.
  {
    program: 'chromium',
    package: 'chromium',
    why: 'shows the window',
    alternatives: ['google-chrome', 'chromium-browser'],
    unless: () => isInstalled,
  },
];

/** Whether a program can be started by its name. */
export function isOnPath(program) {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .concat('/usr/sbin', '/sbin')
    .some((folder) => {
      try {
        accessSync(join(folder, program), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** The Debian packages that this machine lacks, in the order of `programs`; an empty list when all is there. */
export function missingPackages() {
  return programs
    .filter(({ unless }) => !unless?.())
    .filter(({ program, alternatives = [] }) => ![program, ...alternatives].some(isOnPath));
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > lowestNode[0] || (major === lowestNode[0] && minor >= lowestNode[1])) return;
  throw new StepError(`Node ${process.versions.node} is too old: Ringscope needs ${lowestNode.join('.')} or newer.`, {
    remedy: 'Install a newer Node and run the command again.',
  });
}

function checkSystem() {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new StepError(`The lab runs on Linux on x86-64; this is ${process.platform} on ${process.arch}.`);
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  if (!/^ID(_LIKE)?=.*debian/m.test(release))
    throw new StepError('The lab is built with Debian’s tools; this system does not say that it is Debian or a relative.');
}

async function mayUseSudo() {
  try {
    await run('sudo', ['-n', 'true']);
    return true;
  } catch {
    return false;
  }
}

/** What stands before `apt-get` so that it may install: nothing as root, `sudo -n` where that asks no question, null where neither is. */
async function aptPrefix() {
  if (process.getuid() === 0) return [];
  return (await mayUseSudo()) ? ['sudo', '-n'] : null;
}

async function aptInstall(prefix, names, report) {
  const title = `Debian packages: ${names.join(', ')}`;
  const begun = Date.now();
  report({ title, state: 'begin' });
  const apt = (args) => {
    const command = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args];
    return run(command[0], command.slice(1), {
      onLine: (line) => report({ title, line, seconds: (Date.now() - begun) / 1000, state: 'line' }),
      describe: 'apt-get',
    });
  };
  await apt(['update']);
  await apt(['install', '--yes', '--no-install-recommends', ...names]);
  report({ title, seconds: (Date.now() - begun) / 1000, state: 'done' });
}

/** Installs packages that are wanted but not needed, where we may. Returns whether they are there now; never throws. */
export async function installIfAllowed(names, report) {
  const prefix = await aptPrefix();
  if (prefix === null) return false;
  try {
    await aptInstall(prefix, names, report);
    return true;
  } catch {
    return false;
  }
}

/**
 * Checks Node and system, and installs what is missing through apt as root or by `sudo -n`; an installed application only names it. The machine's package
 * sources are never edited.
 */
export async function prepareMachine(report) {
  checkNode();
  checkSystem();
  const missing = missingPackages();
  if (missing.length === 0) return;
  const names = missing.map((entry) => entry.package);
  const prefix = isInstalled ? null : await aptPrefix();
  if (prefix === null) {
    const reasons = missing.map((entry) => `${entry.package} (${entry.why})`).join(', ');
    throw new StepError(`This machine lacks ${reasons}.`, {
      remedy: `Run: sudo apt-get install --no-install-recommends ${names.join(' ')}`,
    });
  }
  await aptInstall(prefix, names, report);
}
