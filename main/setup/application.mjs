// The npm packages and the built application, each keyed by its inputs, so that a second run does nothing.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keyOf } from '../../driver/lab/cache.mjs';
import { run } from '../../driver/lab/run.mjs';

/** The checkout's top folder. */
export const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Runs `make` unless `stamp` holds this key already, and writes the key when it was done. */
export async function stamped(stamp, key, title, report, make) {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === key) return;
  const begun = Date.now();
  report({ title, state: 'begin' });
  await make((line) => report({ title, line, seconds: (Date.now() - begun) / 1000, state: 'line' }));
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, key);
  report({ title, seconds: (Date.now() - begun) / 1000, state: 'done' });
}

/**
 * Installs the npm packages of the lock file. No package's install script runs. `npm ci` is not used: it refuses a lock file that was written from a
 * registry without the other platforms' optional binaries, which are not wanted here anyway.
 */
export async function installPackages(report) {
  const inputs = ['package.json', 'package-lock.json', '.npmrc'].map((name) => join(checkout, name));
  const key = keyOf({ texts: [process.versions.node], paths: inputs });
  await stamped(join(checkout, 'node_modules', '.ringscope-key'), key, 'npm packages', report, (onLine) =>
    run('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: checkout,
      onLine,
      describe: 'npm install',
    }),
  );
}

/** Builds main, preload and renderer into `out/`. */
export async function buildApplication(report) {
  const inputs = ['package-lock.json', 'electron.config.ts', 'main', 'renderer', 'assets']
    .map((name) => join(checkout, name))
    .filter((path) => existsSync(path));
  await stamped(join(checkout, 'out', '.ringscope-key'), keyOf({ paths: inputs }), 'Application', report, (onLine) =>
    run(process.execPath, [join(checkout, 'node_modules/electron-vite/bin/electron-vite.js'), 'build', '--config', 'electron.config.ts'], {
      cwd: checkout,
      onLine,
      describe: 'Building the application',
    }),
  );
}
