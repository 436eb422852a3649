import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kernelBuiltAgainst } from '../../../main/node/doctor/kernel-checks.ts';

const checkout = join(import.meta.dirname, '../../..');
const source = join(checkout, 'driver/rigb');
const settings = Object.fromEntries(
  [...readFileSync(join(source, 'dkms.conf'), 'utf8').matchAll(/^([A-Z_]+)(?:\[0\])?="(.*)"$/gm)].map(([, name, value]) => [name, value]),
);

test('it has the version of the application, whose package brings the sources', () => {
  const { version } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')) as { version: string };
  expect(settings).toMatchObject({ PACKAGE_NAME: 'rigb', PACKAGE_VERSION: version });
});

test('its build goes through the Makefile, which looks at the kernel tree first and has the targets that it names', () => {
  const makefile = readFileSync(join(source, 'Makefile'), 'utf8');
  expect(settings.MAKE).toMatch(/^make KDIR=\$\{kernel_source_dir\} MO= modules$/);
  expect(settings.CLEAN).toMatch(/^make KDIR=\$\{kernel_source_dir\} MO= clean$/);
  expect(makefile).toMatch(/^modules: check$/m);
  expect(makefile).toMatch(/^clean:$/m);
});

test('every C file that is built into the module is one that the packages take', () => {
  const kbuild = readFileSync(join(source, 'Kbuild'), 'utf8');
  const objects = [...kbuild.matchAll(/^rigb-y [:+]= (.*)$/gm)].flatMap(([, names = '']) => names.split(' '));
  const files = objects.filter((name) => !name.startsWith('src/')).map((name) => name.replace(/\.o$/, '.c'));
  expect(files).toContain('trace.c');
  for (const file of files) {
    expect(existsSync(join(source, file)), file).toBe(true);
    expect(file).toMatch(/^[\w-]+\.c$/);
  }
});

test('it builds what Kbuild names, for kernels with Rust that the driver was written against', () => {
  expect(existsSync(join(source, 'Kbuild'))).toBe(true);
  expect(readFileSync(join(source, 'Kbuild'), 'utf8')).toContain(`obj-m := ${settings.BUILT_MODULE_NAME}.o`);
  expect(settings).toMatchObject({
    BUILD_EXCLUSIVE_KERNEL_MIN: `${kernelBuiltAgainst.major}.${kernelBuiltAgainst.minor}`,
    BUILD_EXCLUSIVE_CONFIG: 'CONFIG_RUST',
  });
});
