// The Debian packages, built once for all tests that look at them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const checkout = join(import.meta.dirname, '..', '..');

/** The two packages' paths, as `npm run package:headless` prints them. It builds what is missing first. */
export function buildPackages(): { headless: string; node: string } {
  const printed = execFileSync(process.execPath, ['main/setup/package-headless.mjs'], {
    cwd: checkout,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [headless = '', node = ''] = printed.trim().split('\n');
  return { headless: join(checkout, headless), node: join(checkout, node) };
}

/** One line of `dpkg-deb --contents`. */
export interface PackedFile {
  /** Such as `-rwxr-xr-x`. */
  readonly mode: string;
  readonly owner: string;
  /** From the root, without `./` and without a link's target. */
  readonly path: string;
}

/** What a package would install. */
export function contentsOf(archive: string): PackedFile[] {
  return execFileSync('dpkg-deb', ['--contents', archive], { encoding: 'utf8', maxBuffer: 1 << 26 })
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [mode = '', owner = '', , , , ...rest] = line.split(/\s+/);
      return { mode, owner, path: (rest.join(' ').split(' -> ')[0] ?? '').replace(/^\.\//, '').replace(/\/$/, '') };
    });
}

/** A field of the control file. */
export function fieldOf(archive: string, field: string): string {
  return execFileSync('dpkg-deb', ['--field', archive, field], { encoding: 'utf8' }).trim();
}

/** Unpacks a package into a folder of its own, which `remove` takes away. */
export function unpacked(archive: string): { folder: string; read(path: string): string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'ringscope-unpacked-'));
  execFileSync('dpkg-deb', ['--raw-extract', archive, folder]);
  return {
    folder,
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
