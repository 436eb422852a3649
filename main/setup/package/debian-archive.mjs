// A folder becomes a .deb: control files, checksums, and dpkg-deb. The same inputs and SOURCE_DATE_EPOCH give the same bytes.
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, lutimesSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { run } from '../../../driver/lab/run.mjs';
import { writeGzip } from './staging.mjs';

/** Who looks after the packages. */
export const maintainer = 'Ringscope developers <developers@ringscope.example>';

function* walk(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    yield path;
    if (entry.isDirectory()) yield* walk(path);
  }
}

/** Folders 0755, files 0644 or 0755, whatever the umask was; every time the same. */
function settle(staging, epochSeconds) {
  for (const path of [staging, ...walk(staging)]) {
    const stat = lstatSync(path);
    if (!stat.isSymbolicLink()) chmodSync(path, stat.isDirectory() || stat.mode & 0o100 ? 0o755 : 0o644);
    lutimesSync(path, epochSeconds, epochSeconds);
  }
}

/** Newest version of the GNU C library whose symbols a shared object asks for, such as `2.34`. */
export function lowestLibc(path) {
  const versions = [...readFileSync(path, 'latin1').matchAll(/GLIBC_2\.(\d+)/g)].map((match) => Number(match[1]));
  return `2.${Math.max(...versions)}`;
}

/**
 * Makes `archive` from what lies below `staging`. `fields` are those of the control file beside Version, Architecture, Maintainer and Installed-Size;
 * `scripts` maintainer scripts by name.
 */
export async function makeArchive({ staging, archive, version, fields, scripts = {}, changelog, epochSeconds, onLine }) {
  const name = fields.Package;
  writeGzip(join(staging, 'usr/share/doc', name, 'changelog.gz'), changelog);
  const files = [...walk(staging)].filter((path) => lstatSync(path).isFile());
  const bytes = files.reduce((sum, path) => sum + Math.ceil(lstatSync(path).size / 1024) * 1024, 0);
  const sums = files.map((path) => `${createHash('md5').update(readFileSync(path)).digest('hex')}  ${relative(staging, path)}\n`);
  const control = join(staging, 'DEBIAN');
  mkdirSync(control);
  const { Description, ...rest } = fields;
  const lines = {
    ...rest,
    Version: version,
    Architecture: 'amd64',
    Maintainer: maintainer,
    'Installed-Size': Math.ceil(bytes / 1024),
    Description,
  };
  writeFileSync(
    join(control, 'control'),
    Object.entries(lines)
      .map(([field, value]) => `${field}: ${value}\n`)
      .join(''),
  );
  writeFileSync(join(control, 'md5sums'), sums.join(''));
  for (const [script, text] of Object.entries(scripts)) writeFileSync(join(control, script), text, { mode: 0o755 });
  settle(staging, epochSeconds);
  await run('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', staging, archive], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(epochSeconds) },
    onLine,
    describe: 'dpkg-deb',
  });
}
