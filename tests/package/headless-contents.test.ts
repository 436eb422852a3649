// What is in the headless package, without installing it.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyOf } from '../../driver/lab/cache.mjs';
import { driverVersion } from '../../main/setup/package/system-tree.mjs';
import { buildPackages, checkout, contentsOf, fieldOf, type PackedFile, unpacked } from '../support/built-packages.ts';

let headless: string;
let node: string;
let files: PackedFile[];
let tree: ReturnType<typeof unpacked>;

beforeAll(() => {
  ({ headless, node } = buildPackages());
  files = contentsOf(headless);
  tree = unpacked(headless);
});
afterAll(() => tree?.remove());

const paths = () => files.map(({ path }) => path);
const manifest = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as {
  version: string;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

describe('files', () => {
  test('all belong to root, folders 0755, files 0644, and only programs 0755', () => {
    expect(files.filter(({ owner }) => owner !== 'root/root')).toEqual([]);
    expect(files.filter(({ mode }) => mode.startsWith('d') && mode !== 'drwxr-xr-x')).toEqual([]);
    expect(files.filter(({ mode }) => mode.startsWith('-') && !['-rw-r--r--', '-rwxr-xr-x'].includes(mode))).toEqual([]);
    const programs = files.filter(({ mode, path }) => mode === '-rwxr-xr-x' && !path.startsWith('usr/lib/ringscope/driver/'));
    expect(programs.map(({ path }) => path).sort()).toEqual([
      'usr/bin/ringscope',
      'usr/bin/ringscope-web',
      'usr/lib/ringscope/ringscope-agent',
      'usr/lib/ringscope/ringscope-observe',
      'usr/src/rigb-0.1.0/check-kernel.sh',
    ]);
  });

  test('lie where Debian has them, and nowhere else', () => {
    const version = driverVersion();
    expect(paths()).toEqual(
      expect.arrayContaining([
        'usr/share/applications/ringscope-web.desktop',
        'usr/share/icons/hicolor/16x16/apps/ringscope.png',
        'usr/share/icons/hicolor/scalable/apps/ringscope.svg',
        'usr/share/polkit-1/actions/org.ringscope.policy',
        'usr/lib/systemd/user/ringscope-web.service',
        'usr/share/bash-completion/completions/ringscope',
        'usr/share/zsh/vendor-completions/_ringscope',
        'usr/share/man/man1/ringscope.1.gz',
        'usr/share/man/man1/ringscope-web.1.gz',
        'usr/share/doc/ringscope-headless/copyright',
        'usr/share/doc/ringscope-headless/README.Debian',
        `usr/src/rigb-${version}/dkms.conf`,
        `usr/src/rigb-${version}/Kbuild`,
        `usr/src/rigb-${version}/src/rigb_main.rs`,
        'usr/lib/ringscope/out/renderer/index.html',
        'usr/lib/ringscope/driver/lab/build.mjs',
        'usr/lib/ringscope/installed.json',
      ]),
    );
    const places = /^(\.|usr(\/(bin|lib|share|src))?|usr\/(bin\/|lib\/(ringscope|systemd)|share\/|src\/rigb-).*)?$/;
    expect(paths().filter((path) => !places.test(path))).toEqual([]);
  });

  test('are those of the application, not of its making', () => {
    expect(
      paths().filter((path) =>
        /\.(tsx?|map|tsbuildinfo)$|\/tests?\//.test(path.replace('driver/agent/tests', '').replace('driver/wire/tests', '')),
      ),
    ).toEqual([]);
    expect(paths().filter((path) => /(^|\/)(target|\.git|electron\.js|preload)(\/|$)/.test(path))).toEqual([]);
    const packages = readdirSync(join(tree.folder, 'usr/lib/ringscope/node_modules'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('/package.json'))
      .map((path) => path.replace(/\/package\.json$/, ''));
    for (const name of Object.keys(manifest.dependencies)) expect(packages).toContain(name);
    for (const name of Object.keys(manifest.devDependencies)) expect(packages).not.toContain(name);
  });

  test('name no folder of the machine that built them', () => {
    const wrong: string[] = [];
    for (const { mode, path } of files) {
      if (!mode.startsWith('-')) continue;
      const bytes = readFileSync(join(tree.folder, path));
      const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1');
      // The home of root is a word of many programs; only what lies below it gives a machine away.
      if (text.includes(checkout) || text.includes(`${homedir()}/.`)) wrong.push(path);
    }
    expect(wrong).toEqual([]);
  });

  test('have the checksums that the package says', () => {
    const sums = tree.read('DEBIAN/md5sums').trimEnd().split('\n');
    expect(sums.length).toBe(files.filter(({ mode }) => mode.startsWith('-')).length);
    for (const line of sums) {
      const [sum, path = ''] = line.split('  ');
      expect(
        createHash('md5')
          .update(readFileSync(join(tree.folder, path)))
          .digest('hex'),
      ).toBe(sum);
    }
  });
});

test('the lab’s sources have the same keys as here, so that a lab of the checkout is not built again', () => {
  const there = join(tree.folder, 'usr/lib/ringscope/driver');
  expect(keyOf({ paths: [there] })).toBe(keyOf({ paths: [join(checkout, 'driver')] }));
});

test('the manual, the completion and the units are what their own tools accept', () => {
  const run = (program: string, args: string[]) => {
    const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
    return error ? null : { status, words: `${stdout}${stderr}` };
  };
  const path = (name: string) => join(tree.folder, name);
  execFileSync('bash', ['-n', path('usr/share/bash-completion/completions/ringscope')]);
  for (const name of ['ringscope', 'ringscope-web']) execFileSync('sh', ['-n', path(`usr/bin/${name}`)]);
  const desktop = run('desktop-file-validate', [path('usr/share/applications/ringscope-web.desktop')]);
  if (desktop) expect(desktop).toEqual({ status: 0, words: '' });
  const man = run('man', ['--warnings', '--local-file', path('usr/share/man/man1/ringscope.1.gz')]);
  if (man) expect(man.status).toBe(0);
  // The program that the unit names lies in the unpacked folder here.
  const unit = path('ringscope-web.service');
  writeFileSync(unit, tree.read('usr/lib/systemd/user/ringscope-web.service').replace('=/usr/bin/', `=${tree.folder}/usr/bin/`));
  const systemd = spawnSync('systemd-analyze', ['--user', '--man=no', 'verify', unit], {
    encoding: 'utf8',
    env: { ...process.env, XDG_RUNTIME_DIR: tree.folder },
  });
  if (!systemd.error) expect({ status: systemd.status, words: systemd.stderr }).toEqual({ status: 0, words: '' });
  const lintian = run('lintian', ['--fail-on', 'error', headless]);
  if (lintian) expect(lintian.words.split('\n').filter((line) => line.startsWith('E:'))).toEqual([]);
});

test('the policy has two actions, each for a program of this package, and nobody becomes root without a password', () => {
  const policy = tree.read('usr/share/polkit-1/actions/org.ringscope.policy');
  expect([...policy.matchAll(/<action id="([^"]+)">/g)].map((match) => match[1]).sort()).toEqual([
    'org.ringscope.change',
    'org.ringscope.observe',
  ]);
  const programs = [...policy.matchAll(/exec\.path">([^<]+)</g)].map((match) => match[1] ?? '');
  expect(programs.length).toBe(2);
  for (const program of programs) expect(files.find(({ path }) => `/${path}` === program)?.mode).toBe('-rwxr-xr-x');
  expect(
    [...policy.matchAll(/<allow_\w+>([^<]+)</g)].map((match) => match[1]).filter((grant) => !/^auth_(admin|self)/.test(grant ?? '')),
  ).toEqual([]);
});

test('the package needs a Node that is new enough, or brings one', () => {
  expect(fieldOf(headless, 'Depends')).toContain('nodejs (>= 20.19) | ringscope-node');
  expect(fieldOf(headless, 'Version')).toBe(manifest.version);
  expect(fieldOf(node, 'Package')).toBe('ringscope-node');
  expect(
    contentsOf(node)
      .filter(({ mode }) => mode.startsWith('-'))
      .map(({ path }) => path)
      .sort(),
  ).toEqual(['usr/lib/ringscope-node/bin/node', 'usr/share/doc/ringscope-node/changelog.gz', 'usr/share/doc/ringscope-node/copyright']);
});

test('every package whose code is inside has its licence in the copyright file', () => {
  const copyright = tree.read('usr/share/doc/ringscope-headless/copyright');
  for (const name of [...Object.keys(manifest.dependencies), 'react', 'uplot', 'zustand', '@fontsource/jetbrains-mono'])
    expect(copyright).toMatch(new RegExp(`^Comment: ${name.replace('/', '\\/')} \\d`, 'm'));
});
