// The driver's own Makefile, as somebody with a kernel of their own uses it: run in the build root, whose compilers those of the kernel are.
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { runInside, StepError } from '../../driver/lab/run.mjs';
import { readLabDescription } from '../../main/node/lab/lab-description.ts';

const description = readLabDescription();
if (!description.ok) throw new Error(description.error);
const { root, kernelTree, kernelRelease } = description.value;
const source = join(import.meta.dirname, '../../driver/rigb');

const scratch = mkdtempSync(join(tmpdir(), 'rigb-build-'));
const tree = join(scratch, 'tree');
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs `make` in the driver's folder and returns what it printed; of a failed one, too. */
async function make(args: string[], read: Record<string, string>, output = mkdtempSync(join(scratch, 'output-'))) {
  const write = { '/mnt/output': output, '/mnt/kernel': kernelTree };
  try {
    const said = await runInside(root, ['make', '-C', '/mnt/source', ...args], { read: { '/mnt/source': source, ...read }, write });
    return { done: true, said, output };
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    return { done: false, said: (error as StepError & { output: string }).output, output };
  }
}

const check = async () => (await make(['check', 'KDIR=/mnt/tree'], { '/mnt/tree': tree })).said;

/** What check looks at, from the lab's tree: enough to pass. */
beforeEach(() => {
  rmSync(tree, { recursive: true, force: true });
  for (const name of ['.config', 'Makefile', 'Module.symvers', 'include/config/kernel.release', 'scripts/mod/modpost']) {
    mkdirSync(dirname(join(tree, name)), { recursive: true });
    cpSync(join(kernelTree, name), join(tree, name));
  }
  mkdirSync(join(tree, 'rust'));
  for (const name of readdirSync(join(kernelTree, 'rust'))) if (name.endsWith('.rmeta')) writeFileSync(join(tree, 'rust', name), '');
});

const configure = (change: (text: string) => string) =>
  writeFileSync(join(tree, '.config'), change(readFileSync(join(tree, '.config'), 'utf8')));

test('against a prepared tree it builds a module for that kernel, installs it, and cleans up', async () => {
  const { done, said, output } = await make(['KDIR=/mnt/kernel', 'MO=/mnt/output'], {});
  expect(said).toContain(`/mnt/kernel, Linux ${kernelRelease}, has all that rigb needs.`);
  expect(done).toBe(true);
  const information = await runInside(root, ['modinfo', '/mnt/output/rigb.ko'], { read: { '/mnt/output': output } });
  expect(information).toMatch(new RegExp(`^vermagic: +${kernelRelease.replaceAll('+', '\\+')} `, 'm'));

  const install = ['modules_install', 'KDIR=/mnt/kernel', 'MO=/mnt/output', 'INSTALL_MOD_PATH=/mnt/output/installed'];
  expect((await make(install, {}, output)).done).toBe(true);
  expect(readdirSync(join(output, `installed/lib/modules/${kernelRelease}/updates`)).join()).toMatch(/^rigb\.ko/);

  expect((await make(['clean', 'KDIR=/mnt/kernel', 'MO=/mnt/output'], {}, output)).done).toBe(true);
  expect(readdirSync(output).filter((name) => /\.(ko|o|rs|mod)$/.test(name))).toEqual([]);
});

test('a tree as a distribution’s headers package lays it out is refused before anything is built, because it has no Rust crates', async () => {
  const { done, said, output } = await make([`KDIR=/usr/src/linux-headers-${kernelRelease}`, 'MO=/mnt/output'], {});
  expect(done).toBe(false);
  expect(said).toContain('rust/libkernel.rmeta');
  expect(said).toContain('README.md says how');
  expect(readdirSync(output)).toEqual([]);
});

test('a tree that has everything passes', async () => {
  expect(await check()).toContain('has all that rigb needs');
});

test('each option that is off is named with what it is for', async () => {
  configure((text) =>
    text.replace('CONFIG_RUST=y', '# CONFIG_RUST is not set').replace('CONFIG_PAGE_POOL=y', '# CONFIG_PAGE_POOL is not set'),
  );
  const said = await check();
  expect(said).toContain('CONFIG_RUST is not set: the driver is written in Rust.');
  expect(said).toContain('CONFIG_PAGE_POOL is not set: received frames lie in page pools.');
  expect(said).toContain('(2 things)');
});

test('a kernel that is too old is told from one that is newer than the driver', async () => {
  writeFileSync(join(tree, 'include/config/kernel.release'), '6.19.2-custom\n');
  expect(await check()).toContain('It is Linux 6.19.2-custom; the driver uses Rust interfaces of the kernel that came with 7.3.');
  writeFileSync(join(tree, 'include/config/kernel.release'), '7.10.0\n');
  const said = await check();
  expect(said).toContain('note: Linux 7.10.0 is newer than 7.3');
  expect(said).toContain('has all that rigb needs');
});

test('compilers of other versions than the kernel’s are named with both versions', async () => {
  configure((text) => text.replace(/rustc 1\.\d+\.\d+/, 'rustc 1.99.2').replace(/bindgen \d+\.\d+\.\d+/, 'bindgen 0.99.0'));
  const said = await check();
  expect(said).toMatch(/rustc \(rustc\) is version 1\.\d+\.\d+; the kernel was built with 1\.99\.2\./);
  expect(said).toMatch(/bindgen \(bindgen\) is version 0\.\d+\.\d+; the kernel was built with 0\.99\.0\./);
});

test('a compiler that is not there is named, and one that is given in its place is taken', async () => {
  configure((text) => text.replace(/(CONFIG_CC_VERSION_TEXT=")\S+/, '$1gcc-of-nobody'));
  expect(await check()).toContain('the C compiler (gcc-of-nobody) is not installed, or does not start');
  const compiler = /CONFIG_CC_VERSION_TEXT="(\S+)/.exec(readFileSync(join(kernelTree, '.config'), 'utf8'))?.[1];
  const { said } = await make(['check', 'KDIR=/mnt/tree', `CC=${compiler}`], { '/mnt/tree': tree });
  expect(said).toContain('has all that rigb needs');
});

test('a folder that is no tree, and a tree that nobody prepared, are told apart', async () => {
  expect((await make(['check', 'KDIR=/mnt/nowhere'], {})).said).toContain('There is no kernel tree in /mnt/nowhere.');
  rmSync(join(tree, 'include'), { recursive: true });
  chmodSync(join(tree, 'scripts/mod/modpost'), 0o644);
  const said = await check();
  expect(said).toContain('The tree is not prepared for modules');
  expect(said).toMatch(/Run: make -C \/mnt\/tree CC=\S+ olddefconfig modules_prepare/);
});
