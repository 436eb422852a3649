// Whether this kernel takes the driver, and whether it can be built for it here.

import { treeRemedy } from '../local/module-tree.ts';
import { type Check, failure, fine, warning } from './check.ts';
import { kernelConfiguration, option } from './machine-facts.ts';

/** The kernel whose Rust interfaces the driver was written against. */
export const kernelBuiltAgainst = { major: 7, minor: 3 } as const;

const builtAgainst = `${kernelBuiltAgainst.major}.${kernelBuiltAgainst.minor}`;
const otherKernel = 'apt-get install -t trixie-backports linux-image-amd64 linux-headers-amd64 && reboot';
// The lab brings a kernel along for whoever cannot change this one.
const labInstead = 'The lab runs on any kernel (`npm start`).';

export const kernel: Check = ({ kernelRelease, commandLine }) => {
  const [major = 0, minor = 0] = kernelRelease.split('.').map((part) => Number.parseInt(part, 10));
  const difference = (major - kernelBuiltAgainst.major) * 1000 + (minor - kernelBuiltAgainst.minor);
  if (difference < 0)
    return failure(
      `Linux ${kernelRelease} lacks what the driver uses of the kernel’s Rust interfaces; it was built against ${builtAgainst}. ${labInstead}`,
      otherKernel,
    );
  if (difference > 0)
    return warning(
      `Linux ${kernelRelease} is newer than ${builtAgainst}, which the driver was built against; the kernel’s Rust interfaces change, so the build may fail.`,
      `${commandLine} build`,
    );
  return fine(`Linux ${kernelRelease}; the driver was built against ${builtAgainst}.`);
};

export const modules: Check = (facts) => {
  if (facts.exists('/proc/modules')) return fine('This kernel loads modules.');
  const configuration = kernelConfiguration(facts);
  const because =
    configuration && option(configuration, 'MODULES') === null ? 'it was built without CONFIG_MODULES' : '/proc/modules is missing';
  return failure(
    `This kernel has no module support (${because}), so no driver can be loaded; observe mode works. ${labInstead}`,
    otherKernel,
  );
};

export const rust: Check = (facts) => {
  const configuration = kernelConfiguration(facts);
  if (configuration === null)
    return warning(
      'The kernel’s configuration cannot be read, so it is not known whether it has Rust support.',
      `ls -l /proc/config.gz /boot/config-${facts.kernelRelease}`,
    );
  if (option(configuration, 'RUST') === 'y') return fine('This kernel was built with CONFIG_RUST=y.');
  return failure('This kernel was built without Rust support (CONFIG_RUST), and the driver is written in Rust.', otherKernel);
};

export const headers: Check = (facts) => {
  const { tree, kernelRelease } = facts;
  if (tree.found) return fine(`A module can be built against ${tree.found.title}.`);
  const compiler = option(kernelConfiguration(facts) ?? '', 'CC_VERSION_TEXT')?.split(' ')[0] ?? 'gcc';
  return failure(tree.problem, treeRemedy(kernelRelease, facts.exists(`/lib/modules/${kernelRelease}/build`), compiler));
};

/** `rustc 1.85.1 (…)` and the like, up to the third number. */
const versionOf = (text: string): string => /\d+\.\d+(\.\d+)?/.exec(text)?.[0] ?? '';

/** The Debian package of a compiler; a program without a version in its name is of the version that the kernel was built by. */
function packageOf(program: string, wanted: string): string {
  const name = program.replace(/^x86_64-linux-gnu-/, '');
  return /-\d+$/.test(name) ? name : `${name}-${versionOf(wanted.replace(/^\S+/, '')).split('.')[0]}`;
}

export const compilers: Check = async (facts) => {
  const configuration = kernelConfiguration(facts);
  if (configuration === null)
    return warning('Without the kernel’s configuration its compilers are not known.', `ls -l /boot/config-${facts.kernelRelease}`);
  if (facts.tree.found?.kind === 'lab') return fine('The lab’s build root has the compilers that built this kernel.');
  const differences: string[] = [];
  const missing: string[] = [];
  const compare = async (name: string, wanted: string | null, program: string, packageName: string) => {
    if (wanted === null) return;
    const found = await facts.ask(program, ['--version']);
    if (found === null) {
      differences.push(`${name} (${program}) is not installed`);
      missing.push(packageName);
    } else if (versionOf(found) !== versionOf(wanted)) {
      differences.push(`${name} is ${versionOf(found)}, the kernel was built by ${versionOf(wanted)}`);
      missing.push(packageName);
    }
  };
  const compiler = option(configuration, 'CC_VERSION_TEXT');
  const program = compiler?.split(' ')[0] ?? 'gcc';
  await compare('the C compiler', compiler?.replace(/^\S+/, '') ?? null, program, packageOf(program, compiler ?? ''));
  await compare('rustc', option(configuration, 'RUSTC_VERSION_TEXT'), 'rustc', 'rustc');
  await compare('bindgen', option(configuration, 'BINDGEN_VERSION_TEXT'), 'bindgen', 'bindgen');
  if (differences.length === 0) return fine('The compilers are those that built this kernel.');
  // Rust's symbols carry a hash of the compiler: another one builds a module that finds no symbol.
  return failure(
    `To link with this kernel a Rust module needs its very compilers: ${differences.join('; ')}.`,
    `apt-get install ${missing.join(' ')}`,
  );
};

export const built: Check = ({ agent, kernelRelease, commandLine }) => {
  if (agent.path === null) return failure(agent.problem, 'npm run setup');
  if (agent.hasModule) return fine(`rigb.ko for ${kernelRelease} lies beside the agent, with its digest.`);
  return warning(`No rigb.ko was built for ${kernelRelease}; any other driver can be observed all the same.`, `${commandLine} build`);
};
