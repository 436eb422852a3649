// How `npm start` comes to Electron's binary: the package's script is one of the test's own, run as the real one would be.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { electronBinary, sandboxFault } from '../../main/setup/electron-binary.mjs';
import { fetchElectron } from '../../main/setup/electron-download.mjs';

const installs = `
  const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
  appendFileSync('runs', 'x');
  mkdirSync('dist');
  writeFileSync('dist/electron', '');
  writeFileSync('path.txt', 'electron');
`;
const fails = `require('node:fs').appendFileSync('runs', 'x'); console.error('Error: getaddrinfo ENOTFOUND mirror'); process.exit(1);`;
const hangs = `require('node:fs').writeFileSync(process.env.TMPDIR + '/part', 'some bytes'); setInterval(() => {}, 1000);`;
const silent = 'setInterval(() => {}, 1000);';
const limits = { firstByteMs: 300, standstillMs: 600, lookMs: 20 };
const nodeVersion = '22.12.0';
const now = 1_800_000_000_000;

let modules: string;
let progress: string[];

beforeEach(() => {
  modules = mkdtempSync(join(tmpdir(), 'ringscope-modules-'));
  progress = [];
  onTestFinished(() => rmSync(modules, { recursive: true }));
});

function packageWith(script: string): void {
  mkdirSync(join(modules, 'electron'), { recursive: true });
  writeFileSync(join(modules, 'electron/package.json'), '{"version":"45.3.4"}');
  writeFileSync(join(modules, 'electron/install.js'), script);
}

const fetch = (change: object = {}) =>
  fetchElectron(({ title, state }: { title: string; state: string }) => void progress.push(`${title} ${state}`), {
    modules,
    nodeVersion,
    now,
    limits,
    ...change,
  });
const runs = () => (existsSync(join(modules, 'electron/runs')) ? readFileSync(join(modules, 'electron/runs'), 'utf8').length : 0);
const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith('ringscope-electron-'));

const desktop = { environment: { DISPLAY: ':0' }, userId: 1000, fault: () => null };
const find = (change: object = {}) =>
  electronBinary(() => undefined, { modules, ...desktop, fetch: () => fetch(), ...change }) as Promise<{ path?: string; reason?: string }>;

test('the binary is fetched once, with words, and then found', async () => {
  packageWith(installs);
  expect(await find()).toEqual({ path: join(modules, 'electron/dist/electron') });
  expect(await find()).toEqual({ path: join(modules, 'electron/dist/electron') });
  expect([runs(), progress[0], progress.at(-1)]).toEqual([1, 'Electron 45.3.4 begin', 'Electron 45.3.4 done']);
});

test('a failure is told in one line, and for a day the next start does not wait for it', async () => {
  packageWith(fails);
  const reason = 'Electron’s binary could not be fetched (Error: getaddrinfo ENOTFOUND mirror)';
  expect(await find()).toEqual({ reason });
  expect(await fetch({ now: now + 3_600_000 })).toContain(`${reason}; it is tried again a day later`);
  expect(runs()).toBe(1);
  await fetch({ now: now + 86_400_001 });
  expect(runs()).toBe(2);
});

test('a failure of another version, and a record that cannot be read, count for nothing', async () => {
  packageWith(fails);
  for (const text of [JSON.stringify({ version: '44.0.0', failedUnixMs: now, reason: 'old' }), '{"version":', 'null']) {
    writeFileSync(join(modules, '.ringscope-electron'), text);
    expect(await fetch()).toContain('ENOTFOUND');
  }
  expect(runs()).toBe(3);
});

test.each([
  ['never begins', silent, 'nothing came for 0 s'],
  ['stands still', hangs, 'nothing came for 1 s'],
])('a download that %s is ended', async (_what, script, words) => {
  packageWith(script);
  const before = leftovers();
  expect(await fetch()).toBe(`Electron’s binary could not be fetched (${words})`);
  expect(leftovers()).toEqual(before);
});

test('an old Node is told, and nothing is tried', async () => {
  packageWith(installs);
  expect(await fetch({ nodeVersion: '20.19.0' })).toBe('fetching Electron’s binary needs Node 22.12 or newer, and this is 20.19.0');
  expect(runs()).toBe(0);
});

test.each([
  ['root', { userId: 0 }, 'does not run as root'],
  ['a session without a display', { environment: {} }, 'no display'],
  ['who asks for the browser', { environment: { DISPLAY: ':0', RINGSCOPE_WINDOW: 'browser' } }, 'RINGSCOPE_WINDOW'],
  ['a machine without user namespaces', { fault: () => 'Electron’s sandbox cannot start here' }, 'sandbox cannot start'],
])('%s gets the browser, and nothing is fetched', async (_who, change, words) => {
  packageWith(installs);
  expect((await find(change)).reason).toContain(words);
  expect(runs()).toBe(0);
});

test('the sandbox needs user namespaces, or its helper', () => {
  const read = (name: string) => (name === 'kernel/apparmor_restrict_unprivileged_userns' ? '1' : null);
  expect(sandboxFault('/dist/electron', { read, isHelper: () => false })).toContain('kernel.apparmor_restrict_unprivileged_userns is 1');
  expect(sandboxFault('/dist/electron', { read, isHelper: (path: string) => path === '/dist/chrome-sandbox' })).toBeNull();
  expect(sandboxFault('/dist/electron', { read: () => null, isHelper: () => false })).toBeNull();
});
