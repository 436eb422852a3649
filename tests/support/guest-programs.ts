// What a test needs in its guest beside the lab's: small C programs, compiled in the build root without libraries, and modules of the guest's kernel; packed
// behind the lab's root image.
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { runInside } from '../../driver/lab/run.mjs';
import { readLabDescription } from '../../main/node/lab/lab-description.ts';

/**
 * A folder below the system's temporary one with the files of the lab's guest, `sources` (C files) compiled into its `/usr/bin` under their names, and
 * `modules` (paths below the kernel's module folder, such as `kernel/drivers/net/netconsole.ko`) in its `/usr/lib/modules`. Whoever asked removes it.
 */
export async function guestFolderWith(sources: readonly string[], modules: readonly string[] = []): Promise<string> {
  const lab = readLabDescription();
  if (!lab.ok) throw new Error(lab.error);
  const folder = mkdtempSync(join(tmpdir(), 'ringscope-guest-programs-'));
  const folders = new Map(sources.map((source, index) => [source, `/mnt/source-${index}`]));
  const compile = sources.map(
    (source) => `gcc -O2 -Wall -static -o usr/bin/${basename(source, '.c')} ${folders.get(source)}/${basename(source)}`,
  );
  const all = `/usr/lib/modules/${lab.value.kernelRelease}`;
  const unpack = modules.map((module) => `xz -dc ${all}/${module}.xz > usr/lib/modules/${basename(module)}`);
  const script = ['set -e', 'mkdir -p /tmp/image/usr/bin /tmp/image/usr/lib/modules', 'cd /tmp/image', ...compile, ...unpack];
  script.push('find usr -type f | cpio --quiet -o -H newc > /mnt/output/programs.cpio');
  await runInside(lab.value.root, ['sh', '-c', script.join('\n')], {
    read: Object.fromEntries(sources.map((source) => [folders.get(source), dirname(source)])),
    write: { '/mnt/output': folder },
    describe: 'Packing what the guest needs beside the lab',
  });
  const image = join(folder, 'initramfs.cpio');
  copyFileSync(lab.value.kernelImage, join(folder, 'vmlinuz'));
  copyFileSync(lab.value.rootImage, image);
  appendFileSync(image, readFileSync(join(folder, 'programs.cpio')));
  return folder;
}
