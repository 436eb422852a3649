// Electron's binary is used where it is; without it the same application opens in a browser window.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './application.mjs';

/** `{path}` of Electron's executable, or `{reason}` in words why the browser window is used. */
export function electronBinary() {
  if (process.env.RINGSCOPE_WINDOW === 'browser') return { reason: 'RINGSCOPE_WINDOW asks for it' };
  if (process.getuid() === 0) return { reason: 'Electron’s sandbox does not run as root' };
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return { reason: 'this session has no display' };
  const folder = join(checkout, 'node_modules/electron');
  const named = join(folder, 'path.txt');
  if (existsSync(named)) {
    const path = join(folder, 'dist', readFileSync(named, 'utf8'));
    if (existsSync(path)) return { path };
  }
  return { reason: 'Electron’s binary is not on this machine' };
}
