// The kernel tree against which a module for the running kernel is built: what the distribution installed, if it has all that a Rust module needs, else a tree
// that the lab prepared for the very same kernel.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir, release } from 'node:os';
import { join } from 'node:path';
import { err, ok, type Result } from '#common/result.ts';
import { applicationPackage } from '../application-root.ts';
import { type LabDescription, readLabDescription } from '../lab/lab-description.ts';

/** A tree that can be used. */
export interface ModuleTree {
  /** `lab` trees are used inside the lab's build root, which has their compilers. */
  readonly kind: 'system' | 'lab';
  readonly folder: string;
  /** In words, for people. */
  readonly title: string;
  /** The compiler's program as the kernel's configuration names it. */
  readonly compiler: string;
  /** The lab's build root; empty for a system tree. */
  readonly root: string;
}

/** Where trees may lie; tests give their own. */
export interface TreePlaces {
  readonly kernelRelease: string;
  readonly modulesFolder: string;
  readonly lab: Result<LabDescription, string>;
}

function treePlaces(): TreePlaces {
  const lab = readLabDescription(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'));
  return { kernelRelease: release(), modulesFolder: '/lib/modules', lab };
}

// Without them the kernel's crates cannot be named, or its symbols not be checked.
const neededForRust = ['rust/libkernel.rmeta', 'rust/libcore.rmeta', 'Module.symvers', 'scripts/target.json'];

/** Everything that a folder lacks to build a Rust module against it. */
export function lackingForRust(folder: string): string[] {
  const lacks = neededForRust.filter((name) => !existsSync(join(folder, name)));
  // A kernel of before target.json, or one that has it under another name, still has its crates.
  return lacks.filter((name) => name !== 'scripts/target.json' || !hasCrates(folder));
}

function hasCrates(folder: string): boolean {
  try {
    return readdirSync(join(folder, 'rust')).some((name) => name.endsWith('.rmeta'));
  } catch {
    return false;
  }
}

function compilerOf(folder: string): string {
  try {
    const text = readFileSync(join(folder, '.config'), 'utf8');
    return /^CONFIG_CC_VERSION_TEXT="(\S+)/m.exec(text)?.[1] ?? 'gcc';
  } catch {
    return 'gcc';
  }
}

/** Finds the tree for the running kernel. The error says what is missing, why, and what can be done. */
export function findModuleTree(places: TreePlaces = treePlaces()): Result<ModuleTree, string> {
  const { kernelRelease, modulesFolder, lab } = places;
  const folder = join(modulesFolder, kernelRelease, 'build');
  const isThere = existsSync(folder);
  const lacks = isThere ? lackingForRust(folder) : [];
  if (isThere && lacks.length === 0)
    return ok({ kind: 'system', folder, title: `the kernel tree ${folder}`, compiler: compilerOf(folder), root: '' });
  if (lab.ok && lab.value.kernelRelease === kernelRelease) {
    const { kernelTree, root } = lab.value;
    return ok({
      kind: 'lab',
      folder: kernelTree,
      title: `the lab’s kernel tree, prepared for ${kernelRelease}`,
      compiler: compilerOf(kernelTree),
      root,
    });
  }
  if (!isThere) return err(`The headers of ${kernelRelease} are not installed (${folder} is missing).`);
  return err(
    `${folder} lacks ${lacks.join(', ')}: Debian’s headers packages come without the Rust crates’ metadata. They can be rebuilt from linux-source of the same version, with the compilers and the configuration of this kernel (driver/rigb/README.md).`,
  );
}

/** The commands, as one line for root, that make what `findModuleTree` misses: headers, or a tree with the Rust crates' metadata in their place. */
export function treeRemedy(kernelRelease: string, hasHeaders: boolean, compiler: string): string {
  if (!hasHeaders) return `apt-get install linux-headers-${kernelRelease}`;
  const [, version = '', suffix = ''] = /^(\d+\.\d+)[\d.]*(.*)$/.exec(kernelRelease) ?? [];
  const headers = `/lib/modules/${kernelRelease}/build`;
  return [
    `apt-get install linux-source-${version}`,
    'mkdir -p /usr/src/linux-rust',
    'cd /usr/src/linux-rust',
    `tar -xf /usr/src/linux-source-${version}.tar.xz --strip-components=1`,
    `cp ${headers}/.config ${headers}/Module.symvers .`,
    `printf '%s\\n' '${suffix}' > localversion-debian`,
    `make CC=${compiler} olddefconfig modules_prepare`,
    `ln -sfn /usr/src/linux-rust ${headers}`,
  ].join(' && ');
}

/** The driver's sources: beside the application, or where a package puts them for DKMS. Null when neither is there. */
export function driverSource(applicationRoot = applicationPackage().root, version = applicationPackage().version): string | null {
  return [join(applicationRoot, 'driver', 'rigb'), `/usr/src/rigb-${version}`].find((folder) => existsSync(join(folder, 'Kbuild'))) ?? null;
}
