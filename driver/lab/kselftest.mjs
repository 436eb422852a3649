// A third guest, for `npm run test:kselftest` alone: the kernel's own network driver tests, built unmodified from the kernel source package, in a Debian that has
// all the programs that they call. Neither the driver under test nor `kselftest-guest/` is part of the image: both are packed behind it for each run.
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory, keyOf, product } from './cache.mjs';
import { debianMirror } from './mirror.mjs';
import { run, runInside } from './run.mjs';
import { explainMirrorFailure, versions } from './steps.mjs';

const here = dirname(fileURLToPath(import.meta.url));

/** The selftest collections that are built; drivers/net's Python library belongs to the first. */
const targets = 'net/lib drivers/net drivers/net/hw net/forwarding';

// What building them takes.
const buildPackages = [
  'bc',
  'bison',
  'ca-certificates',
  'clang',
  'file',
  'flex',
  'gcc',
  'libc6-dev',
  'libcap-dev',
  'libelf-dev',
  'libmnl-dev',
  'libnuma-dev',
  'make',
  'pkgconf',
  'python3',
  'python3-jsonschema',
  'python3-yaml',
  'rsync',
  'xz-utils',
  'zlib1g-dev',
];

// What running them takes. The suite's ethtool (6.14) cannot print channels as JSON, which 6.15 and later can: it comes from the suite after.
const laterSuite = 'forky';
const guestPackages = [
  'bash',
  'bc',
  'bpftool',
  'coreutils',
  `ethtool/${laterSuite}`,
  'findutils',
  'gawk',
  'grep',
  'iperf3',
  'iproute2',
  'iputils-arping',
  'iputils-ping',
  'jq',
  'kmod',
  'mount',
  'ncat',
  'netcat-openbsd',
  'netsniff-ng',
  'procps',
  'psmisc',
  'python3',
  'python3-yaml',
  'sed',
  'smcroute',
  'socat',
  'tcpdump',
  'util-linux',
];

// The network stack's own modules, the card's driver and those of software devices that the tests create; what these need comes along.
const modules = [
  'kernel/net/*',
  'kernel/crypto/*',
  'kernel/drivers/net/ethernet/intel/igb/*',
  'kernel/drivers/net/ppp/pppoe.ko.xz',
  'kernel/fs/configfs/*',
  ...['dummy', 'ifb', 'macvlan', 'netconsole', 'tun', 'veth', 'vrf', 'vxlan/vxlan'].map((name) => `kernel/drivers/net/${name}.ko.xz`),
];

/** Makes a Debian tree of these packages in `folder`, without documentation and translations. */
async function debianTree(folder, variant, packages, onLine) {
  const mirror = debianMirror();
  const archive = `${folder}.tar`;
  const suites = [versions.suite, versions.backports].map((suite) => `deb ${mirror} ${suite} main`);
  // A mirror that lags behind serves this suite's lists past their date, with their signatures whole.
  suites.push(`deb [check-valid-until=no] ${mirror} ${laterSuite} main`);
  const excluded = ['/usr/share/doc/*', '/usr/share/info/*', '/usr/share/locale/*', '/usr/share/man/*'].map(
    (path) => `--dpkgopt=path-exclude=${path}`,
  );
  const options = [
    `--variant=${variant}`,
    `--include=${packages.join(',')}`,
    '--aptopt=APT::Install-Recommends "false"',
    `--aptopt=APT::Default-Release "${versions.suite}"`,
  ];
  try {
    await run('mmdebstrap', [...options, ...excluded, versions.suite, archive, ...suites], { onLine, describe: 'mmdebstrap' });
    mkdirSync(folder, { recursive: true });
    await run('tar', ['-x', '-f', archive, '-C', folder, '--no-same-owner', '--exclude=./dev/*'], { describe: 'tar' });
  } catch (error) {
    throw explainMirrorFailure(error);
  } finally {
    await run('rm', ['-f', archive]);
  }
}

/** The installed selftests, as `make install` leaves them, net/netdevice.sh in its place beside them, and the kernel's headers, of which hw/ethtool.sh reads one. */
export function selftests(root, onLine) {
  const script = `set -e
mkdir /mnt/work/linux
tar -xf /mnt/source/${versions.kernelSourcePackage}.tar.xz -C /mnt/work/linux --strip-components=1
cd /mnt/work/linux
make -j"$(nproc)" headers
make -j"$(nproc)" -C tools/testing/selftests TARGETS="${targets}" KSFT_INSTALL_PATH=/mnt/output/selftests install
cp tools/testing/selftests/net/netdevice.sh /mnt/output/selftests/net/
cp -r usr/include /mnt/output/`;
  const key = keyOf({ texts: [basename(root), versions.suite, ...buildPackages, script] });
  return product('kselftest-programs', key, async (folder) => {
    const work = join(folder, 'work');
    const tree = join(work, 'root');
    mkdirSync(work);
    await debianTree(tree, 'apt', buildPackages, onLine);
    await runInside(tree, ['sh', '-c', script], {
      read: { '/mnt/source': join(root, 'usr/src') },
      write: { '/mnt/output': folder, '/mnt/work': work },
      onLine,
      describe: 'Building the selftests',
    });
    await run('rm', ['-rf', work]);
  });
}

/** The guest's root image, an uncompressed cpio with the selftests in `/opt/selftests`, and its kernel. About 250 MB. */
export function kselftestImage(root, programs, onLine) {
  const script = `set -e
release=${versions.kernelRelease}
modules=/usr/lib/modules/$release
target=/mnt/image/usr/lib/modules/$release
mkdir -p $target /tmp/all/usr/lib/modules
cp -as $modules /tmp/all/usr/lib/modules/
ln -s usr/lib /tmp/all/lib
depmod -b /tmp/all $release
cd $modules
cp modules.builtin modules.builtin.modinfo modules.order $target/
while IFS=: read -r module needed; do
  case $module in ${modules.join(' | ')}) echo $module $needed | tr ' ' '\\n' ;; esac
done < /tmp/all/usr/lib/modules/$release/modules.dep | sort -u | while read -r file; do cp --parents $file $target/; done
find $target -name '*.ko.xz' -exec xz -d {} +
depmod -b /mnt/image $release
mkdir -p /mnt/image/opt
cp -a /mnt/programs/selftests /mnt/image/opt/
install -D -m 644 /mnt/programs/include/linux/ethtool.h /mnt/image/usr/include/linux/ethtool.h
cd /mnt/image
rm -rf var/lib/apt var/cache var/lib/dpkg/info usr/share/perl5 usr/share/zoneinfo boot
find . | cpio --quiet -o -H newc -R 0:0 > /mnt/output/base.cpio
cp $modules/vmlinuz /mnt/output/vmlinuz`;
  const key = keyOf({
    texts: [basename(root), basename(programs), versions.suite, laterSuite, ...guestPackages, script],
  });
  return product('kselftest-image', key, async (folder) => {
    const tree = join(folder, 'image');
    await debianTree(tree, 'essential', guestPackages, onLine);
    await runInside(root, ['sh', '-c', script], {
      read: { '/mnt/programs': programs },
      write: { '/mnt/output': folder, '/mnt/image': tree },
      onLine,
      describe: 'Packing the image of the selftests’ guest',
    });
    writeFileSync(join(folder, 'packages'), await run('dpkg-query', [`--admindir=${join(tree, 'var/lib/dpkg')}`, '-W']));
    await run('rm', ['-rf', tree]);
  });
}

/** Packs the image and, behind it, what belongs to one run: the driver's module and `kselftest-guest/`. Returns the guest's kernel and root image. */
export async function packKselftestGuest({ root, image, module, folder }) {
  const script = `set -e
mkdir -p /tmp/over/usr/lib/ringscope /tmp/over/opt/ringscope
cp /mnt/module/rigb.ko /tmp/over/usr/lib/ringscope/
cp -r /mnt/guest/. /tmp/over/opt/ringscope/
mv /tmp/over/opt/ringscope/init /tmp/over/init
chmod 755 /tmp/over/init
cd /tmp/over
cp /mnt/image/base.cpio /mnt/output/initramfs.cpio
find . | cpio --quiet -o -H newc -R 0:0 >> /mnt/output/initramfs.cpio
cp /mnt/image/vmlinuz /mnt/output/vmlinuz`;
  await runInside(root, ['sh', '-c', script], {
    read: { '/mnt/image': image, '/mnt/module': module, '/mnt/guest': join(here, 'kselftest-guest') },
    write: { '/mnt/output': folder },
    describe: 'Packing the driver for the selftests’ guest',
  });
  return { kernelImage: join(folder, 'vmlinuz'), rootImage: join(folder, 'initramfs.cpio') };
}

/** The folder, kept between runs, of the selftests' raw output and results. */
export const kselftestResults = () => join(cacheDirectory(), 'kselftest');

/** A key that changes with everything in the guest but the driver. */
export const kselftestGuestKey = (image) => keyOf({ texts: [basename(image)], paths: [join(here, 'kselftest-guest')] });
