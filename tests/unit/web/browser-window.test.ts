import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { chooseBrowser, openBrowserWindow, profileFolder } from '../../../main/web/browser-window.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringscope-browser-'));
afterAll(() => rmSync(folder, { recursive: true }));

function program(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

const chromium = program('chromium', 'exit 0');
const withDisplay = { DISPLAY: ':0', PATH: `/nowhere:${folder}` };

describe('the choice of a browser', () => {
  it('is the first Chromium on PATH', () => {
    expect(chooseBrowser({ environment: withDisplay, userId: 1000 })).toEqual({ path: chromium });
    expect(chooseBrowser({ environment: { ...withDisplay, DISPLAY: '', WAYLAND_DISPLAY: 'wayland-0' }, userId: 1000 })).toEqual({
      path: chromium,
    });
  });

  it('is none, without a word, when no window is wanted or possible', () => {
    const silent = { path: null, reason: null };
    expect(chooseBrowser({ environment: { PATH: folder }, userId: 1000 })).toEqual(silent);
    expect(chooseBrowser({ environment: { ...withDisplay, RINGSCOPE_NO_WINDOW: '1' }, userId: 1000 })).toEqual(silent);
  });

  it('is none as root, and never drops the sandbox instead', () => {
    expect(chooseBrowser({ environment: withDisplay, userId: 0 })).toEqual({
      path: null,
      reason: expect.stringMatching(/sandbox as root/),
    });
  });

  it('is none when PATH has none, in words', () => {
    expect(chooseBrowser({ environment: { ...withDisplay, PATH: '/nowhere' }, userId: 1000 })).toEqual({
      path: null,
      reason: expect.stringMatching(/No Chromium or Chrome is on PATH/),
    });
  });
});

describe('the window', () => {
  it('has a profile of its own that only its user may read', () => {
    const profile = profileFolder({ XDG_CACHE_HOME: folder });
    expect(profile).toBe(join(folder, 'ringscope/window'));
    expect(statSync(profile).mode & 0o077).toBe(0);
  });

  it('is an app window with that profile and with its sandbox', async () => {
    const said = join(folder, 'said');
    const path = program('echoing', `printf '%s\\n' "$@" > '${said}'`);
    await openBrowserWindow(path, 'http://127.0.0.1:1/#token=x', '/profile').ended;
    const words = readFileSync(said, 'utf8').split('\n');
    expect(words.slice(0, 2)).toEqual(['--app=http://127.0.0.1:1/#token=x', '--user-data-dir=/profile']);
    expect(words).not.toContain('--no-sandbox');
  });

  it('tells a closed window from one that could not open', async () => {
    expect(await openBrowserWindow(chromium, 'x', 'y').ended).toBe(true);
    expect(await openBrowserWindow(program('broken', 'exit 1'), 'x', 'y').ended).toBe(false);
    expect(await openBrowserWindow(join(folder, 'absent'), 'x', 'y').ended).toBe(false);
  });

  it('takes its children along when it is closed', async () => {
    const numbers = join(folder, 'numbers');
    const path = program('parent', `sleep 1000 &\necho "$$ $!" > '${numbers}.new'\nmv '${numbers}.new' '${numbers}'\nwait`);
    const written = new Promise<void>((resolve) => {
      const watcher = watch(folder, (_event, name) => {
        if (name !== 'numbers') return;
        watcher.close();
        resolve();
      });
    });
    const window = openBrowserWindow(path, 'x', 'y');
    await written;
    const pids = readFileSync(numbers, 'utf8').trim().split(' ');
    await window.close();
    const isAlive = (pid: string) => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    await expect.poll(() => pids.filter(isAlive)).toEqual([]);
  });
});
