// node-pty, the one native module: built once on this machine, for the Terminal view. Where it cannot be built the view says so, and all else works.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keyOf } from '../../driver/lab/cache.mjs';
import { run } from '../../driver/lab/run.mjs';
import { checkout } from './application.mjs';
import { installIfAllowed, isOnPath } from './machine.mjs';

// Each program that the build starts, and the Debian package that has it.
const tools = [
  { program: 'g++', package: 'g++' },
  { program: 'make', package: 'make' },
  { program: 'python3', package: 'python3' },
];

const missingTools = () => tools.filter(({ program }) => !isOnPath(program)).map((tool) => tool.package);

/** Node's own headers where they lie beside it, so that the build fetches none. */
function headersBeside() {
  const folder = dirname(dirname(process.execPath));
  return existsSync(join(folder, 'include/node/node_api.h')) ? { npm_config_nodedir: folder } : {};
}

/**
 * Builds node-pty unless that was done, or was tried in vain with the same tools. Never throws: what went wrong is one line, told once. `folder` is the
 * checkout's `node_modules`; `build` and `install` are replaced by tests.
 */
export async function buildNodePty(
  report,
  { folder = join(checkout, 'node_modules'), build = rebuild, install = installIfAllowed, missing = missingTools } = {},
) {
  const description = join(folder, 'node-pty/package.json');
  if (!existsSync(description)) return;
  const binary = join(folder, 'node-pty/build/Release/pty.node');
  const stamp = join(folder, '.ringscope-node-pty');
  // A tool that appears later is another key, so that the build is tried again.
  const key = () => keyOf({ texts: [process.version, process.arch, readFileSync(description, 'utf8'), ...missing()] });
  const before = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (before === `failed ${key()}` || (before === `built ${key()}` && existsSync(binary))) return;

  const title = 'Terminal (node-pty)';
  const begun = Date.now();
  const seconds = () => (Date.now() - begun) / 1000;
  const giveUp = (reason) => {
    writeFileSync(stamp, `failed ${key()}`);
    process.stderr.write(`ringscope: shells cannot be opened in the window, because ${reason}; everything else works\n`);
  };
  if (missing().length > 0 && !(await install(missing(), report))) {
    giveUp(`${missing().join(', ')} could not be installed (sudo apt-get install ${missing().join(' ')})`);
    return;
  }
  report({ title, state: 'begin' });
  try {
    await build((line) => report({ title, line, seconds: seconds(), state: 'line' }));
    writeFileSync(stamp, `built ${key()}`);
    report({ title, seconds: seconds(), state: 'done' });
  } catch (error) {
    giveUp(`node-pty could not be built: ${lastLine(error.output) || error.message}`);
  }
}

function lastLine(output = '') {
  return output
    .split('\n')
    .findLast((line) => /error/i.test(line))
    ?.trim();
}

function rebuild(onLine) {
  return run('npm', ['rebuild', '--ignore-scripts=false', '--loglevel=error', 'node-pty'], {
    cwd: checkout,
    env: { ...process.env, ...headersBeside() },
    onLine,
    describe: 'Building node-pty',
  });
}
