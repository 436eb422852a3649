// What electron-builder packs, as far as it goes without Electron's binary: the directory target on a stand-in for it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readLabDescription } from '../../main/node/lab/lab-description.ts';
import { driverVersion } from '../../main/setup/package/system-tree.mjs';
import { checkout } from '../support/built-packages.ts';

const require = createRequire(import.meta.url);
const asar = require('@electron/asar') as {
  createPackage(from: string, to: string): Promise<void>;
  listPackage(archive: string, options: { isPack: boolean }): string[];
  extractFile(archive: string, path: string): Buffer;
  statFile(archive: string, path: string): { unpacked?: boolean };
};

// What @electron/fuses looks for in a binary: a mark, the wire's version and length, and a digit a fuse, all of them as Electron ships them.
const fuseMark = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const shippedFuses = '10110001';

let scratch: string;
let application: string;
let archive: string;

/** A folder that electron-builder takes for Electron's: its files by name, a valid default application, and a wire of fuses. */
async function standIn(): Promise<string> {
  const folder = join(scratch, 'electron');
  mkdirSync(join(folder, 'resources'), { recursive: true });
  const wire = Buffer.concat([Buffer.from(fuseMark), Buffer.from([1, shippedFuses.length]), Buffer.from(shippedFuses)]);
  writeFileSync(join(folder, 'electron'), Buffer.concat([Buffer.from('#!/bin/sh\nexit 1\n'), wire, Buffer.from('\n')]), { mode: 0o755 });
  writeFileSync(join(folder, 'chrome-sandbox'), '', { mode: 0o755 });
  writeFileSync(join(folder, 'version'), (require('electron/package.json') as { version: string }).version);
  mkdirSync(join(scratch, 'default'));
  writeFileSync(join(scratch, 'default/package.json'), '{"name":"default","main":"main.js"}');
  writeFileSync(join(scratch, 'default/main.js'), '');
  await asar.createPackage(join(scratch, 'default'), join(folder, 'resources/default_app.asar'));
  return folder;
}

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'ringscope-electron-'));
  const electron = await standIn();
  const args = [
    '--linux',
    'dir',
    '--config',
    'electron-builder.config.mjs',
    `-c.electronDist=${electron}`,
    `-c.directories.output=${join(scratch, 'out')}`,
  ];
  execFileSync(process.execPath, ['node_modules/electron-builder/cli.js', ...args], { cwd: checkout, stdio: ['ignore', 'pipe', 'pipe'] });
  application = join(scratch, 'out/linux-unpacked');
  archive = join(application, 'resources/app.asar');
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const inArchive = () => asar.listPackage(archive, { isPack: false }).map((path) => path.replace(/^\//, ''));
const resource = (path: string) => join(application, 'resources', path);

test('the archive holds the built application and its packages, and nothing else', () => {
  const listed = inArchive();
  expect(listed.filter((path) => !path.includes('/')).sort()).toEqual(['installed.json', 'node_modules', 'out', 'package.json']);
  expect(listed.filter((path) => /^out\/[^/]+$/.test(path)).sort()).toEqual(['out/main', 'out/preload', 'out/renderer']);
  expect(listed.filter((path) => /^out\/main\/[^/]+$/.test(path)).sort()).toEqual(['out/main/chunks', 'out/main/electron.js']);
  expect(listed).toEqual(expect.arrayContaining(['out/preload/preload.cjs', 'out/renderer/index.html']));
  expect(
    listed.filter((path) =>
      /\.(tsx?|mts|cts|map|cc|h|gyp|gypi|tsbuildinfo)$|(^|\/)(tests?|driver|typings|obj\.target|prebuilds|third_party)(\/|$)/.test(path),
    ),
  ).toEqual([]);
});

test('every package that the application imports is inside, none that only builds it', () => {
  const lock = JSON.parse(readFileSync(join(checkout, 'package-lock.json'), 'utf8')) as { packages: Record<string, { dev?: boolean }> };
  const wanted = Object.entries(lock.packages)
    .filter(([path, { dev }]) => path !== '' && !dev && !path.endsWith('node-addon-api'))
    .map(([path]) => `${path}/package.json`);
  const packed = inArchive().filter((path) => /^node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path));
  expect(packed.sort()).toEqual(wanted.sort());
});

test('the manifest starts the built entry, whose version is this one', () => {
  const manifest = JSON.parse(asar.extractFile(archive, 'package.json').toString()) as Record<string, unknown>;
  const ours = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as { version: string };
  expect(manifest).toMatchObject({ name: 'ringscope', version: ours.version, main: 'out/main/electron.js' });
  expect(manifest).not.toHaveProperty('devDependencies');
});

test('node-pty’s shared object lies unpacked, and is the one that was compiled here', () => {
  const path = 'node_modules/node-pty/build/Release/pty.node';
  expect(asar.statFile(archive, path).unpacked).toBe(true);
  expect(readFileSync(resource(`app.asar.unpacked/${path}`)).equals(readFileSync(join(checkout, path)))).toBe(true);
  // Its modules lie beside it, since they look for it there; nothing else is unpacked.
  expect(readdirSync(resource('app.asar.unpacked/node_modules'))).toEqual(['node-pty']);
  expect(readdirSync(resource('app.asar.unpacked/node_modules/node-pty')).sort()).toEqual(['LICENSE', 'build', 'lib', 'package.json']);
});

test('the agent lies beside the archive, may be run, and is the lab’s', () => {
  const lab = readLabDescription();
  if (!lab.ok) throw new Error(lab.error);
  const stat = statSync(resource('ringscope-agent'));
  expect(stat.mode & 0o777).toBe(0o755);
  expect(readFileSync(resource('ringscope-agent')).equals(readFileSync(process.env.RINGSCOPE_AGENT ?? lab.value.agent))).toBe(true);
});

test('policy, profile, icons, driver source and the lab’s sources are there', () => {
  const version = driverVersion();
  const same = {
    'linux/org.ringscope.policy': 'assets/linux/org.ringscope.policy',
    'linux/ringscope-observe': 'assets/linux/ringscope-observe',
    'linux/apparmor/ringscope': 'assets/linux/apparmor/ringscope',
    'linux/icons/512x512.png': 'assets/icons/512x512.png',
    [`linux/rigb-${version}/dkms.conf`]: 'driver/rigb/dkms.conf',
    [`linux/rigb-${version}/src/rigb_main.rs`]: 'driver/rigb/src/rigb_main.rs',
    'driver/lab/build.mjs': 'driver/lab/build.mjs',
    'driver/Cargo.lock': 'driver/Cargo.lock',
    'main/setup/build-lab.mjs': 'main/setup/build-lab.mjs',
  };
  for (const [packed, source] of Object.entries(same))
    expect(readFileSync(resource(packed), 'utf8')).toBe(readFileSync(join(checkout, source), 'utf8'));
  expect(existsSync(resource('driver/target'))).toBe(false);
});

test('the profile allows user namespaces to the program where the .deb installs it', () => {
  const profile = readFileSync(resource('linux/apparmor/ringscope'), 'utf8');
  expect(profile).toMatch(/^profile ringscope \/opt\/Ringscope\/ringscope flags=\(unconfined\) \{$/m);
  expect(profile).toMatch(/^ {2}userns,$/m);
  expect(existsSync(join(application, 'ringscope'))).toBe(true);
});

test('the fuses are set as main/electron/README.md lists them', () => {
  const binary = readFileSync(join(application, 'ringscope')).toString('latin1');
  const wire = binary.slice(binary.indexOf(fuseMark) + fuseMark.length + 2).slice(0, shippedFuses.length);
  // runAsNode, cookie encryption, NODE_OPTIONS, --inspect, asar integrity, only from asar, V8 snapshot, file: privileges
  expect(wire).toBe('00000100');
});
