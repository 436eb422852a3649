import { expect, test } from 'vitest';
import { explain } from '../../../main/node/local/build-words.ts';

// As make, rustc, modpost and the kernel write them.
test.each([
  ["rigb: version magic '7.3.4 SMP mod_unload ' should be '7.3.4+deb13-amd64 SMP mod_unload '", /another kernel/, /7\.3\.4\+deb13-amd64/],
  ['insmod: ERROR: could not insert module rigb.ko: Invalid module format', /format/, /7\.3\.4-running/],
  ['ERROR: modpost: "_RNvXs_NtCs1_6kernel3pci" [/o/rigb.ko] undefined!', /no symbol _RNvXs/, /hash of the crate/],
  ['ERROR: modpost: "rigb_missing" [/o/rigb.ko] undefined!', /no symbol rigb_missing/, /does not offer it/],
  ['rigb: Unknown symbol napi_enable_x (err -2)', /no symbol napi_enable_x/, /does not offer it/],
  ['insmod: ERROR: could not insert module rigb.ko: Key was rejected by service', /unsigned/, /Secure Boot/],
  ['error[E0514]: found crate `kernel` compiled by an incompatible version of rustc', /Another rustc/, /`kernel`/],
  ["error[E0463]: can't find crate for `core`", /no Rust crates/, /`core`/],
  ['/bin/sh: 1: bindgen: not found\nmake[2]: *** [Kbuild:50: rigb_bindings.rs] Error 127', /bindgen is not installed/, /needs it/],
  ['cp: error writing: No space left on device', /disk is full/, /MB/],
])('%s', (output, title, detail) => {
  const explained = explain(`  CC [M]  shim.o\n${output}\n`, '7.3.4-running');
  expect(explained.title).toMatch(title);
  expect(explained.detail).toMatch(detail);
  expect(explained.remedy).not.toBe('');
});

test('what nobody knows is shown by the line that looks like the error', () => {
  const explained = explain('  CC shim.o\nshim.c:3:1: error: unknown type name "foo"\nmake: *** [Makefile:1] Error 2', '7.3');
  expect(explained).toMatchObject({ title: 'The build failed', detail: 'shim.c:3:1: error: unknown type name "foo"' });
});
