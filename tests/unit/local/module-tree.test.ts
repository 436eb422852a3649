import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { err, ok } from '#common/result.ts';
import type { LabDescription } from '../../../main/node/lab/lab-description.ts';
import { findModuleTree } from '../../../main/node/local/module-tree.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringscope-tree-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const kernelRelease = '7.3.4+deb13-amd64';
const noLab = err('The lab has not been built yet.');
const lab = (release: string): LabDescription => ({
  version: 1,
  root: '/root',
  kernelRelease: release,
  kernelTree: join(directory, 'lab-tree'),
  kernelImage: '',
  rootImage: '',
  module: '',
  moduleObjects: [],
  agent: '',
});

function installHeaders(...rust: string[]) {
  const folder = join(directory, kernelRelease, 'build');
  mkdirSync(join(folder, 'rust'), { recursive: true });
  writeFileSync(join(folder, 'Module.symvers'), '');
  writeFileSync(join(folder, '.config'), 'CONFIG_CC_VERSION_TEXT="x86_64-linux-gnu-gcc-14 (Debian 14.2.0-19) 14.2.0"\n');
  for (const name of rust) writeFileSync(join(folder, 'rust', name), '');
  return folder;
}

const find = (found: Parameters<typeof findModuleTree>[0] extends infer P ? Partial<P> : never) =>
  findModuleTree({ kernelRelease, modulesFolder: directory, lab: noLab, ...found });

test('headers with the Rust crates’ metadata are used, with the compiler that the configuration names', () => {
  const folder = installHeaders('libkernel.rmeta', 'libcore.rmeta');
  expect(find({})).toMatchObject({ ok: true, value: { kind: 'system', folder, compiler: 'x86_64-linux-gnu-gcc-14' } });
});

test('Debian’s headers lack the metadata: that is explained, with the way to make it', () => {
  installHeaders();
  const tree = find({});
  expect(tree).toMatchObject({ ok: false, error: expect.stringMatching(/rust\/libkernel\.rmeta.*linux-source of the same version/) });
});

test('the lab’s tree serves when it is of the running kernel, and only then', () => {
  installHeaders();
  mkdirSync(join(directory, 'lab-tree'));
  expect(find({ lab: ok(lab(kernelRelease)) })).toMatchObject({
    ok: true,
    value: { kind: 'lab', folder: join(directory, 'lab-tree'), root: '/root' },
  });
  expect(find({ lab: ok(lab('7.3.5+deb13-amd64')) }).ok).toBe(false);
});

test('without headers it says so', () => {
  expect(find({})).toMatchObject({ ok: false, error: expect.stringContaining(`The headers of ${kernelRelease} are not installed`) });
});
