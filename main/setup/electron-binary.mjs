// Electron's binary is used where it is or can be fetched; without it the same application opens in a browser window.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './application.mjs';
import { fetchElectron } from './electron-download.mjs';

const isRootsOwn = (path) => {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.uid === 0 && (found.mode & 0o4000) !== 0;
};

/** Why Electron's sandbox could not start, or null. It needs user namespaces, or its helper beside the binary to be root's and setuid. */
export function sandboxFault(binary, { read = readSetting, isHelper = isRootsOwn } = {}) {
  if (isHelper(join(binary, '..', 'chrome-sandbox'))) return null;
  const closed = [
    ['kernel/apparmor_restrict_unprivileged_userns', '1'],
    ['kernel/unprivileged_userns_clone', '0'],
    ['user/max_user_namespaces', '0'],
  ].find(([name, value]) => read(name) === value);
  return closed ? `Electron’s sandbox cannot start here (${closed[0].replace('/', '.')} is ${closed[1]})` : null;
}

function readSetting(name) {
  const path = join('/proc/sys', name);
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : null;
}

function installed(folder) {
  const named = join(folder, 'path.txt');
  if (!existsSync(named)) return null;
  const path = join(folder, 'dist', readFileSync(named, 'utf8').trim());
  return existsSync(path) ? path : null;
}

/**
 * `{path}` of Electron's executable, or `{reason}` in words why the browser window is used. Where only the binary is missing it is fetched, once, with a
 * limit; see electron-download.mjs. Never throws.
 */
export async function electronBinary(
  report,
  {
    environment = process.env,
    userId = process.getuid(),
    modules = join(checkout, 'node_modules'),
    fetch = fetchElectron,
    fault = sandboxFault,
  } = {},
) {
  if (environment.RINGSCOPE_WINDOW === 'browser') return { reason: 'RINGSCOPE_WINDOW asks for it' };
  if (userId === 0) return { reason: 'Electron’s sandbox does not run as root' };
  if (!environment.DISPLAY && !environment.WAYLAND_DISPLAY) return { reason: 'this session has no display' };
  const folder = join(modules, 'electron');
  // Before anything is fetched: a binary that could not start is not worth its hundred megabytes.
  const closed = fault(join(folder, 'dist', 'electron'));
  if (closed) return { reason: closed };
  const failure = installed(folder) ? null : await fetch(report, { modules });
  if (failure) return { reason: failure };
  const path = installed(folder);
  return path ? { path } : { reason: 'Electron’s binary is not on this machine' };
}
