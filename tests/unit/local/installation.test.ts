import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findInstallation, type InstallationPlaces, ownFolder } from '../../../main/node/local/installation.ts';

let directory = '';
let places: InstallationPlaces;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringscope-installation-'));
  places = {
    cacheHome: join(directory, 'cache'),
    kernelRelease: '7.3.4-test',
    packagedFolder: join(directory, 'packaged'),
    builtAgent: null,
  };
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function put(folder: string, ...names: string[]) {
  mkdirSync(folder, { recursive: true });
  for (const name of names) writeFileSync(join(folder, name), `${folder} ${name}`);
}

test('a checkout’s agent is copied to the user’s own folder of the running kernel, and anew when it was built anew', () => {
  put(join(directory, 'built'), 'ringscope-agent');
  const built = { ...places, builtAgent: join(directory, 'built', 'ringscope-agent') };
  const agent = join(places.cacheHome, 'ringscope/local/7.3.4-test/ringscope-agent');
  expect(findInstallation(built)).toEqual({ ok: true, value: { folder: ownFolder(places), agent, isOwn: true } });
  expect(statSync(agent).mode & 0o777).toBe(0o755);
  writeFileSync(built.builtAgent, 'another');
  findInstallation(built);
  expect(readFileSync(agent, 'utf8')).toBe('another');
});

test('an installed application uses the package’s folder', () => {
  put(places.packagedFolder, 'ringscope-agent');
  expect(findInstallation(places)).toMatchObject({ ok: true, value: { folder: places.packagedFolder, isOwn: false } });
});

test('a module that the user built brings the package’s agent beside it, since an agent loads only what lies beside itself', () => {
  put(places.packagedFolder, 'ringscope-agent');
  put(ownFolder(places), 'rigb.ko', 'rigb.ko.sha256');
  expect(findInstallation(places)).toMatchObject({ ok: true, value: { folder: ownFolder(places), isOwn: true } });
  put(places.packagedFolder, 'rigb.ko', 'rigb.ko.sha256');
  expect(findInstallation(places)).toMatchObject({ ok: true, value: { folder: places.packagedFolder } });
});

test('a module without its digest counts for nothing', () => {
  put(places.packagedFolder, 'ringscope-agent');
  put(ownFolder(places), 'rigb.ko');
  expect(findInstallation(places)).toMatchObject({ ok: true, value: { folder: places.packagedFolder } });
});

test('without an agent the sentence says how to get one', () => {
  expect(findInstallation(places)).toMatchObject({ ok: false, error: expect.stringContaining('npm run setup') });
});
