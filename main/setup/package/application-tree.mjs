// /usr/lib/ringscope: the built application, the npm packages that it imports, the lab's sources and the agent.
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run, StepError } from '../../../driver/lab/run.mjs';
import { checkout } from '../application.mjs';
import { importClosure } from './import-closure.mjs';
import { copyFile } from './staging.mjs';

const entries = ['ringscope', 'web', 'uses-lab'].map((name) => join(checkout, 'out/main', `${name}.js`));
const setupEntries = ['ringscope', 'build-lab'].map((name) => join(checkout, 'main/setup', `${name}.mjs`));

// What of an npm package runs: modules, data and native code, not what it was made from or tested with.
const canRun = /\.(js|cjs|mjs|json|wasm|node)$/;
const leftOut =
  /(^|\/)(\.[^/]*|tests?|bench|benchmarks?|docs?|examples?|scripts|typings|prebuilds|deps|third_party|node-addon-api|obj\.target)\/|\.test\.js$|(^|\/)(testUtils|gulpfile)\.js$|(^|\/)tsconfig[^/]*\.json$/;
const isLicence = /^(licen[cs]e|copying|notice)[^/]*$/i;

/** The npm packages of `dependencies` and theirs, as the lock file has them, without those that only a build needs. */
export function productionPackages() {
  const lock = JSON.parse(readFileSync(join(checkout, 'package-lock.json'), 'utf8'));
  return Object.entries(lock.packages)
    .filter(([path, { dev }]) => path !== '' && !dev)
    .map(([path, { version }]) => ({ name: path.replace(/^.*node_modules\//, ''), path, version }))
    .filter(({ name }) => name !== 'node-addon-api');
}

function copyNpmPackage(staging, { path }) {
  const from = join(checkout, path);
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name);
    const inside = relative(from, file);
    if (!entry.isFile() || inside.startsWith('node_modules/')) continue;
    if (isLicence.test(inside) || (canRun.test(inside) && !leftOut.test(inside)))
      copyFile(file, join(staging, 'usr/lib/ringscope', path, inside), 0o644);
  }
}

/** Lays out /usr/lib/ringscope below `staging`. `agent` is the built agent. */
export async function layOutApplication({ staging, agent, packageName }) {
  const home = join(staging, 'usr/lib/ringscope');
  const missing = entries.find((path) => !existsSync(path));
  if (missing) throw new StepError(`${relative(checkout, missing)} is not built.`, { remedy: 'Run: npm run build' });
  for (const path of [...importClosure(entries), ...importClosure(setupEntries)])
    copyFile(path, join(home, relative(checkout, path)), 0o644);
  cpSync(join(checkout, 'out/renderer'), join(home, 'out/renderer'), { recursive: true });
  cpSync(join(checkout, 'driver'), join(home, 'driver'), {
    recursive: true,
    filter: (path) => !/\/(target|node_modules|\.[^/]+)$/.test(path),
  });
  for (const entry of productionPackages()) copyNpmPackage(staging, entry);
  copyFile(agent, join(home, 'ringscope-agent'), 0o755);
  const { name, version, license, type } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
  writeFileSync(join(home, 'package.json'), `${JSON.stringify({ name, version, license, type, private: true }, null, 2)}\n`);
  writeFileSync(join(home, 'installed.json'), `${JSON.stringify({ package: packageName })}\n`);
  // /usr/bin/ringscope starts it, with the Node that fits.
  const started = join(home, 'main/setup/ringscope.mjs');
  writeFileSync(started, readFileSync(started, 'utf8').replace(/^#!.*\n/, ''));
  const native = join(home, 'node_modules/node-pty/build/Release/pty.node');
  if (!existsSync(native))
    throw new StepError('node-pty is not compiled, so the terminal would be missing.', {
      remedy: 'Run: npm rebuild --ignore-scripts=false node-pty (it wants g++, make and python3)',
    });
  // Its debugging symbols name the folder that it was built in.
  await run('strip', ['--strip-unneeded', '--remove-section=.comment', native]);
}
