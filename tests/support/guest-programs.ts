// Small C programs that a test needs in its guest: compiled in the build root, without libraries, and packed behind the lab's root image.
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { runInside } from '../../driver/lab/run.mjs';
import { readLabDescription } from '../../main/node/lab/lab-description.ts';

/** A folder below the system's temporary one with the files of the lab's guest, and `sources` (C files) compiled into its `/usr/bin` under their names. Whoever asked removes it. */
export async function guestFolderWith(sources: readonly string[]): Promise<string> {
  const lab = readLabDescription();
  if (!lab.ok) throw new Error(lab.error);
  const folder = mkdtempSync(join(tmpdir(), 'ringscope-guest-programs-'));
  const folders = new Map(sources.map((source, index) => [source, `/mnt/source-${index}`]));
  const compile = sources.map(
    (source) => `gcc -O2 -Wall -static -o usr/bin/${basename(source, '.c')} ${folders.get(source)}/${basename(source)}`,
  );
  const script = ['set -e', 'mkdir -p /tmp/image/usr/bin', 'cd /tmp/image', ...compile];
  script.push('find usr/bin -type f | cpio --quiet -o -H newc > /mnt/output/programs.cpio');
  await runInside(lab.value.root, ['sh', '-c', script.join('\n')], {
    read: Object.fromEntries(sources.map((source) => [folders.get(source), dirname(source)])),
    write: { '/mnt/output': folder },
    describe: 'Compiling programs for the guest',
  });
  const image = join(folder, 'initramfs.cpio');
  copyFileSync(lab.value.kernelImage, join(folder, 'vmlinuz'));
  copyFileSync(lab.value.rootImage, image);
  appendFileSync(image, readFileSync(join(folder, 'programs.cpio')));
  return folder;
}
