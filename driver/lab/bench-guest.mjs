// A third guest, for `npm run bench -- driver` alone: two igb ports, pktgen, and small programs of its own. It runs what its plan lists and powers off.
import { cpSync, mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keyOf, product } from './cache.mjs';
import { runInside } from './run.mjs';
import { guestPrograms, versions } from './steps.mjs';

const source = join(dirname(fileURLToPath(import.meta.url)), 'bench-guest');

/**
 * The bench guest without `rigb.ko` (`bench.cpio`), its kernel (`vmlinuz`) and the instruction counter for QEMU (`count.so`). `withModule` adds the driver, so that a
 * new build of it costs no new image.
 */
export function benchImage(root, onLine) {
  const modules = versions.guestModules.map((path) => `/usr/lib/modules/${versions.kernelRelease}/${path}.xz`).join(' ');
  const script = `set -e
image=/tmp/image
mkdir -p $image/bin $image/sbin $image/etc $image/dev $image/proc $image/sys $image/run $image/tmp $image/root $image/usr/lib/modules
cp /usr/bin/busybox $image/bin/
${guestPrograms(['/usr/bin/ip', '/usr/sbin/ethtool'])}
for module in ${modules}; do xz -dc $module > $image/usr/lib/modules/$(basename $module .xz); done
cp -r /mnt/source/image/. $image/
chmod 755 $image/init
rustc --edition 2024 -O -C target-feature=+crt-static -o $image/sbin/bench /mnt/source/program/main.rs
rustc --edition 2024 -O --crate-type cdylib -o /mnt/output/count.so /mnt/source/plugin/count.rs
clang -O2 -g -target bpf -I/usr/include/x86_64-linux-gnu -c /mnt/source/xdp_drop.c -o $image/bench/xdp_drop.o
cd $image && find . | cpio --quiet -o -H newc > /mnt/output/bench.cpio
cp /usr/lib/modules/${versions.kernelRelease}/vmlinuz /mnt/output/vmlinuz`;
  return product('bench', keyOf({ texts: [basename(root), script], paths: [source] }), (folder) =>
    runInside(root, ['sh', '-c', script], {
      read: { '/mnt/source': source },
      write: { '/mnt/output': folder },
      onLine,
      describe: 'Packing the bench guest',
    }),
  );
}

/** Writes `initramfs.cpio` into `folder`: the image `bench`, the module `rigb.ko` and the folder `files` over it. */
export function withModule({ root, bench, module, files, folder }) {
  const modules = join(files, 'usr/lib/modules');
  mkdirSync(modules, { recursive: true });
  cpSync(module, join(modules, 'rigb.ko'));
  // The kernel unpacks archives one behind the other, each over the last.
  const script = 'cd /mnt/files && { cat /mnt/bench/bench.cpio; find . | cpio --quiet -o -H newc; } > /mnt/output/initramfs.cpio';
  return runInside(root, ['sh', '-c', script], {
    read: { '/mnt/bench': bench, '/mnt/files': files },
    write: { '/mnt/output': folder },
    describe: 'Packing the bench guest',
  });
}
