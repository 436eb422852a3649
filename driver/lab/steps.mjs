// The steps of the lab, each a function from its inputs to a folder in the cache.
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheDirectory, keyOf, product } from './cache.mjs';
import { debianMirror } from './mirror.mjs';
import { run, runInside, StepError, userCargoConfiguration } from './run.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const driver = dirname(here);

/** The pinned versions; see versions.json. */
export const versions = JSON.parse(readFileSync(join(here, 'versions.json'), 'utf8'));

const kernelPackages = versions.kernelPackages.map((name) =>
  name.replace('{release}', versions.kernelRelease).replace('{source}', versions.kernelSourcePackage),
);

/** Turns apt's words about a version that is no longer there into the place to mend. */
export function explainMirrorFailure(error) {
  const gone = /E: (?:Version '([^']+)' for '([^']+)' was not found|Unable to locate package (\S+))/.exec(error.output ?? '');
  if (!gone) return error;
  const what = gone[2] ? `${gone[2]} ${gone[1]}` : gone[3];
  const entry = what.startsWith('linux-') ? '"kernelRelease" and "kernelVersion"' : '"packages"';
  return new StepError(`Debian's mirror does not have ${what} (any more).`, {
    remedy: `Bump ${entry} in driver/lab/versions.json to what the suites ${versions.suite} and ${versions.backports} hold now.`,
    output: error.output,
  });
}

/** The build root: a Debian tree with compiler, bindgen, kernel headers, source, image and modules, and QEMU. About 2.5 GB. */
export function buildRoot(onLine) {
  return product('root', keyOf({ texts: [JSON.stringify(versions)] }), async (folder) => {
    const mirror = debianMirror();
    const include = [...versions.packages, ...kernelPackages.map((name) => `${name}=${versions.kernelVersion}`)].join(',');
    const archive = `${folder}.tar`;
    const suites = [versions.suite, versions.backports].map((suite) => `deb ${mirror} ${suite} main`);
    try {
      await run(
        'mmdebstrap',
        ['--variant=apt', `--include=${include}`, '--aptopt=APT::Install-Recommends "false"', versions.suite, archive, ...suites],
        {
          onLine,
          describe: 'mmdebstrap',
        },
      );
      await run('tar', ['-x', '-f', archive, '-C', folder, '--no-same-owner', '--exclude=./dev/*'], { describe: 'tar' });
    } catch (error) {
      throw explainMirrorFailure(error);
    } finally {
      await run('rm', ['-f', archive]);
    }
  });
}

/** The kernel tree, configured as Debian's kernel and prepared for modules, the Rust crates' metadata built. */
export function kernelTree(root, onLine) {
  const script = `set -e
tar -xf /usr/src/${versions.kernelSourcePackage}.tar.xz -C /mnt/kernel --strip-components=1
cd /mnt/kernel
cp /usr/src/linux-headers-${versions.kernelRelease}/.config /usr/src/linux-headers-${versions.kernelRelease}/Module.symvers .
printf '%s\\n' '${versions.kernelRelease.replace(/^[\d.]+/, '')}' > localversion-debian
make -j"$(nproc)" CC=${versions.compiler} olddefconfig modules_prepare
test "$(cat include/config/kernel.release)" = '${versions.kernelRelease}'`;
  return product('kernel', keyOf({ texts: [basename(root), script] }), (folder) =>
    runInside(root, ['sh', '-c', script], { write: { '/mnt/kernel': folder }, onLine, describe: 'Preparing the kernel tree' }),
  );
}

/** `rigb.ko`, built for the guest's kernel; the folder also keeps the objects, whose symbols a test reads. */
export function kernelModule(root, kernel, onLine) {
  const source = join(driver, 'rigb');
  return product('module', keyOf({ texts: [basename(kernel)], paths: [source] }), (folder) =>
    runInside(root, ['make', '-C', '/mnt/kernel', 'M=/mnt/source', 'MO=/mnt/output', `CC=${versions.compiler}`, 'modules'], {
      write: { '/mnt/output': folder, '/mnt/kernel': kernel },
      read: { '/mnt/source': source },
      onLine,
      describe: 'Building rigb.ko',
    }),
  );
}

/** What a Cargo command inside the root needs: sources, a target folder that is kept between builds, a Cargo home. */
export function cargoBinds() {
  const cache = cacheDirectory();
  const tests = join(driver, '..', 'tests');
  const home = join(cache, 'cargo-home');
  const target = join(cache, 'cargo-target');
  mkdirSync(home, { recursive: true });
  mkdirSync(target, { recursive: true });
  for (const path of userCargoConfiguration()) copyFileSync(path, join(home, 'config.toml'));
  return {
    // The golden frames, which only the Rust tests read: an installed application has none.
    read: { '/mnt/driver': driver, ...(existsSync(tests) ? { '/mnt/tests': tests } : {}) },
    write: { '/mnt/cargo-home': home, '/mnt/cargo-target': target },
    environment: { CARGO_HOME: '/mnt/cargo-home', CARGO_TARGET_DIR: '/mnt/cargo-target' },
  };
}

/** The static agent binary. */
export function agentBinary(root, onLine) {
  const paths = ['Cargo.toml', 'Cargo.lock', 'wire', 'ethtool', 'registers', 'agent']
    .map((name) => join(driver, name))
    .filter((path) => existsSync(path));
  // A package brings the agent that was built from these very sources.
  const brought = join(driver, '..', 'ringscope-agent');
  return product('agent', keyOf({ texts: [basename(root)], paths }), async (folder) => {
    if (existsSync(brought)) {
      copyFileSync(brought, join(folder, 'ringscope-agent'));
      return;
    }
    const target = 'x86_64-unknown-linux-gnu';
    const binds = cargoBinds();
    await runInside(
      root,
      ['cargo', 'build', '--locked', '--release', '--manifest-path', '/mnt/driver/Cargo.toml', '-p', 'ringscope-agent', '--target', target],
      {
        ...binds,
        environment: { ...binds.environment, RUSTFLAGS: '-C target-feature=+crt-static' },
        onLine,
        describe: 'Building the agent',
      },
    );
    const built = join(cacheDirectory(), 'cargo-target', target, 'release', 'ringscope-agent');
    copyFileSync(built, join(folder, 'ringscope-agent'));
    chmodSync(join(folder, 'ringscope-agent'), 0o755);
  });
}

// Modules of the kernel that only tests load: interfaces that want further addresses and VLANs of the port below them.
const testModules = ['net/llc/llc', 'net/802/stp', 'net/802/garp', 'net/802/mrp', 'net/8021q/8021q', 'drivers/net/macvlan'].map(
  (name) => `kernel/${name}.ko`,
);

/** Shell lines that put programs of the root, and the libraries they are linked with, into the tree `$image`. */
export function guestPrograms(programs) {
  return `for program in ${programs.join(' ')}; do
  install -D "$(readlink -f $program)" $image$program
  ldd $program | sed -n 's/.*=> \\(\\/[^ ]*\\).*/\\1/p; s/^[[:space:]]*\\(\\/lib64[^ ]*\\).*/\\1/p' | while read -r library; do install -D "$library" "$image$library"; done
done`;
}

/** The guest's root image: busybox, ip, ethtool, ping, the link partner's driver, pktgen, our module and agent, as an uncompressed cpio. */
export function guestImage(root, module, agent, onLine) {
  const guest = join(here, 'guest');
  const modules = [...versions.guestModules, ...testModules]
    .map((path) => `/usr/lib/modules/${versions.kernelRelease}/${path}.xz`)
    .join(' ');
  const script = `set -e
image=/tmp/image
mkdir -p $image/bin $image/sbin $image/etc $image/dev $image/proc $image/sys $image/run $image/tmp $image/root $image/usr/lib/ringscope $image/usr/lib/modules
cp /usr/bin/busybox $image/bin/
${guestPrograms(['/usr/bin/ip', '/usr/sbin/ethtool', '/usr/bin/ping'])}
for module in ${modules}; do xz -dc $module > $image/usr/lib/modules/$(basename $module .xz); done
cp /mnt/module/rigb.ko $image/usr/lib/ringscope/
install -m 755 /mnt/agent/ringscope-agent $image/sbin/
cp -r /mnt/guest/. $image/
chmod 755 $image/init $image/etc/hotplug
cd $image && find . | cpio --quiet -o -H newc > /mnt/output/initramfs.cpio
cp /usr/lib/modules/${versions.kernelRelease}/vmlinuz /mnt/output/vmlinuz`;
  return product(
    'guest',
    keyOf({ texts: [...[root, module, agent].map((folder) => basename(folder)), script], paths: [guest] }),
    (folder) =>
      runInside(root, ['sh', '-c', script], {
        read: { '/mnt/module': module, '/mnt/agent': agent, '/mnt/guest': guest },
        write: { '/mnt/output': folder },
        onLine,
        describe: 'Packing the guest image',
      }),
  );
}

/** Writes `lab.json`, by which `main/node/lab` finds everything. */
export function describeLab({ root, kernel, module, agent, guest }) {
  const lab = {
    version: 1,
    root,
    kernelRelease: versions.kernelRelease,
    kernelTree: kernel,
    kernelImage: join(guest, 'vmlinuz'),
    rootImage: join(guest, 'initramfs.cpio'),
    module: join(module, 'rigb.ko'),
    moduleObjects: readdirSync(module)
      .filter((name) => name.endsWith('.o'))
      .map((name) => join(module, name)),
    agent: join(agent, 'ringscope-agent'),
  };
  const text = `${JSON.stringify(lab, null, 2)}\n`;
  const path = join(cacheDirectory(), 'lab.json');
  if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
  return lab;
}
