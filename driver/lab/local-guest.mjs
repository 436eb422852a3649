// A second guest, for `npm run test:local` alone: a whole Debian with Node, sudo, polkit, compilers and a kernel tree, in which the application runs as it does on
// somebody's machine. Its two igb ports are wired as the lab's, and both belong to the in-tree driver.
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keyOf, product } from './cache.mjs';
import { debianMirror } from './mirror.mjs';
import { run, runInside } from './run.mjs';
import { explainMirrorFailure, versions } from './steps.mjs';

const here = dirname(fileURLToPath(import.meta.url));

// What somebody has installed who builds kernel modules in Rust and runs Ringscope from a package.
const packages = [
  'bindgen',
  'busybox-static',
  'dbus',
  'e2fsprogs',
  'ethtool',
  'gcc-14',
  'iproute2',
  'iputils-ping',
  'kmod',
  'libelf1',
  'make',
  'nodejs',
  'passwd',
  'pkexec',
  'polkitd',
  'procps',
  'rustc',
  'sudo',
];
const headers = `linux-headers-${versions.kernelRelease}=${versions.kernelVersion}`;

// The part of a kernel tree that building a module reads.
const treeParts = [
  'Makefile',
  'Kbuild',
  '.config',
  'Module.symvers',
  'localversion-debian',
  'include',
  'scripts',
  'rust',
  'arch/x86',
  'tools/objtool',
  'tools/build',
  'tools/scripts',
  'tools/include',
];

const imageMiB = 3072;

/** mke2fs refuses to guess owners: as root of the image everything is root's; the guest's first process gives the two homes to their users. */
const ownership = process.getuid() === 0 ? [] : ['--unshare-user', '--uid', '0', '--gid', '0'];

/** The guest's root file system, as an ext4 image. `kernel` is the lab's prepared tree, `root` its build root. */
export function localImage(root, kernel, onLine) {
  const users = ['alice', 'bob', 'carol'].map((name) => `--customize-hook=chroot "$1" useradd --create-home --shell /bin/bash ${name}`);
  const rule = '--customize-hook=echo "alice ALL=(ALL) NOPASSWD: ALL" > "$1/etc/sudoers.d/alice"; chmod 440 "$1/etc/sudoers.d/alice"';
  const assemble = `set -e
release=${versions.kernelRelease}
mkdir -p /mnt/image/usr/lib/modules /mnt/image/usr/src/linux-rust /mnt/image/boot
cp -a /usr/lib/modules/$release/. /mnt/image/usr/lib/modules/$release/
rm -f /mnt/image/usr/lib/modules/$release/vmlinuz
cd /mnt/kernel
cp -a --parents ${treeParts.join(' ')} /mnt/image/usr/src/linux-rust/
cp .config /mnt/image/boot/config-$release
depmod -b /mnt/image $release`;
  const key = keyOf({
    texts: [
      JSON.stringify(versions),
      JSON.stringify(packages),
      basename(root),
      basename(kernel),
      assemble,
      rule,
      ...users,
      String(imageMiB),
    ],
  });
  return product('local-image', key, async (folder) => {
    const mirror = debianMirror();
    const archive = join(folder, 'root.tar');
    const tree = join(folder, 'root');
    mkdirSync(tree);
    const suites = [versions.suite, versions.backports].map((suite) => `deb ${mirror} ${suite} main`);
    const options = ['--variant=apt', `--include=${[...packages, headers].join(',')}`, '--aptopt=APT::Install-Recommends "false"'];
    try {
      await run('mmdebstrap', [...options, ...users, rule, versions.suite, archive, ...suites], { onLine, describe: 'mmdebstrap' });
    } catch (error) {
      throw explainMirrorFailure(error);
    }
    await run('tar', ['-x', '-f', archive, '-C', tree, '--no-same-owner', '--exclude=./dev/*'], { describe: 'tar' });
    await run('rm', ['-f', archive]);
    await runInside(root, ['sh', '-c', assemble], {
      read: { '/mnt/kernel': kernel },
      write: { '/mnt/image': tree },
      onLine,
      describe: 'Assembling the image',
    });
    const mkfs = ['mkfs.ext4', '-q', '-F', '-L', 'local', '-d', '/mnt/tree', '/mnt/output/root.ext4', `${imageMiB}M`];
    // The image's own mkfs, inside the image's own tree: the machine's may be older.
    const sandbox = ['--ro-bind', tree, '/', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp', '--tmpfs', '/mnt'];
    const binds = ['--ro-bind', tree, '/mnt/tree', '--bind', folder, '/mnt/output', '--setenv', 'PATH', '/usr/sbin:/usr/bin'];
    await run('bwrap', [...ownership, ...sandbox, ...binds, ...mkfs], { onLine, describe: 'mkfs.ext4' });
    await run('rm', ['-rf', tree]);
  });
}

// What the initramfs loads to reach the disk, in this order.
const diskModules = ['lib/crc/crc16', 'kernel/fs/mbcache', 'kernel/fs/jbd2/jbd2', 'kernel/fs/ext4/ext4', 'kernel/drivers/block/virtio_blk'];

/**
 * Packs the initramfs that finds the disk and lays the application over it, as its package would: `/opt/ringscope`, the agent in `/usr/lib/ringscope`,
 * the polkit policy.
 * `application` lists absolute files and folders below the checkout that belong to it.
 */
export async function localInitramfs({ root, agent, checkout, application, folder, onLine }) {
  const content = join(folder, 'initramfs');
  const over = join(content, 'over');
  mkdirSync(join(over, 'usr/lib/ringscope'), { recursive: true });
  copyFileSync(agent, join(over, 'usr/lib/ringscope/ringscope-agent'));
  copyFileSync(join(checkout, 'assets/linux/ringscope-observe'), join(over, 'usr/lib/ringscope/ringscope-observe'));
  mkdirSync(join(over, 'usr/share/polkit-1/actions'), { recursive: true });
  copyFileSync(join(checkout, 'assets/linux/org.ringscope.policy'), join(over, 'usr/share/polkit-1/actions/org.ringscope.policy'));
  for (const path of application)
    cpSync(path, join(over, 'opt/ringscope', relative(checkout, path)), { recursive: true, dereference: true });
  cpSync(join(here, 'local-guest'), content, { recursive: true });
  writeFileSync(join(content, 'modules'), diskModules.map((path) => `${basename(path)}\n`).join(''));
  const script = `set -e
cd /mnt/content
mkdir -p bin dev proc sys new lib
cp /usr/bin/busybox bin/
for name in $(cat modules); do
  found=$(find /usr/lib/modules/${versions.kernelRelease} -name "$name.ko.xz" | head -n 1)
  if [ -n "$found" ]; then xz -dc "$found" > lib/$name.ko; fi
done
chmod 755 init over/ringscope-init over/usr/lib/ringscope/ringscope-agent over/usr/lib/ringscope/ringscope-observe
chmod 644 over/usr/share/polkit-1/actions/org.ringscope.policy
find over -type d -exec chmod 755 {} +
find . | cpio --quiet -o -H newc -R 0:0 > /mnt/output/initramfs.cpio
cp /usr/lib/modules/${versions.kernelRelease}/vmlinuz /mnt/output/vmlinuz`;
  await runInside(root, ['sh', '-c', script], {
    write: { '/mnt/content': content, '/mnt/output': folder },
    onLine,
    describe: 'Packing the application',
  });
  return { kernelImage: join(folder, 'vmlinuz'), initramfs: join(folder, 'initramfs.cpio') };
}

/** The files of the application that a package would hold: its bundles, what they import at run time, the driver's sources. */
export async function applicationFiles(checkout) {
  const listing = await run('npm', ['ls', '--omit=dev', '--all', '--parseable'], { cwd: checkout }).catch((error) => {
    // npm complains about what is extraneous and lists all the same.
    if (error.output?.includes(checkout)) return error.output;
    throw error;
  });
  const dependencies = listing.split('\n').filter((line) => line.startsWith(join(checkout, 'node_modules')) && existsSync(line));
  const out = join(checkout, 'out');
  return [
    join(checkout, 'package.json'),
    ...readdirSync(out)
      .filter((name) => !name.startsWith('.'))
      .map((name) => join(out, name)),
    join(checkout, 'driver/rigb'),
    ...dependencies,
  ];
}
