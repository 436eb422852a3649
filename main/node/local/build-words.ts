// What a failed build, or a kernel that refuses a module, says in its own words, and what that means.

/** A failure as a user should read it. */
export interface Explained {
  readonly title: string;
  readonly detail: string;
  readonly remedy: string;
}

interface Known {
  readonly pattern: RegExp;
  explain(match: RegExpExecArray, kernelRelease: string): Explained;
}

const known: readonly Known[] = [
  {
    pattern: /version magic '([^']*)' should be '([^']*)'/,
    explain: ([, had = '', wanted = '']) => ({
      title: 'The module was built for another kernel',
      detail: `It says "${had.trim()}", this kernel wants "${wanted.trim()}" (vermagic).`,
      remedy: 'Build it again for the running kernel: `ringscope build`.',
    }),
  },
  {
    pattern: /(?:Invalid module format|Exec format error)/,
    explain: (_, kernelRelease) => ({
      title: 'The kernel does not take this module’s format',
      detail: `It was built for another kernel than ${kernelRelease}, or with another configuration.`,
      remedy: 'Build it again for the running kernel: `ringscope build`. The kernel log names the difference.',
    }),
  },
  {
    pattern: /(?:modpost: "([^"]+)" \[[^\]]*\] undefined|Unknown symbol (\S+)|disagrees about version of symbol (\S+))/,
    explain: ([, undefinedName, unknown, disagreed], kernelRelease) => {
      const symbol = undefinedName ?? unknown ?? disagreed ?? '';
      const isRust = symbol.startsWith('_R');
      return {
        title: `The kernel has no symbol ${symbol.length > 60 ? `${symbol.slice(0, 57)}…` : symbol}`,
        detail: isRust
          ? `Names of Rust symbols carry a hash of the crate, its flags and the compiler: the tree's Rust crates were not built as those of ${kernelRelease} were.`
          : `${kernelRelease} does not offer it to modules: the tree is of another kernel, or an option is off.`,
        remedy: isRust
          ? 'Prepare the tree with the very compilers of CONFIG_RUSTC_VERSION_TEXT and CONFIG_CC_VERSION_TEXT and the packaged .config; `ringscope doctor` compares them.'
          : 'Install the headers of the running kernel and build again.',
      };
    },
  },
  {
    pattern:
      /(?:Key was rejected by service|Required key not available|module verification failed|Loading of unsigned module is rejected|Lockdown: [^\n]*unsigned module)/,
    explain: () => ({
      title: 'The kernel refuses an unsigned module',
      detail: 'Secure Boot, lockdown or module.sig_enforce is on, and no key that this machine trusts signed rigb.ko.',
      remedy: 'Sign it with an enrolled key (`ringscope doctor` shows the commands), or switch Secure Boot off.',
    }),
  },
  {
    pattern: /error\[E0514\]: found crate `(\w+)` compiled by an incompatible version of rustc/,
    explain: ([, crate = '']) => ({
      title: 'Another rustc than the kernel’s',
      detail: `The kernel’s crate \`${crate}\` was compiled by another version of rustc than the one that is installed.`,
      remedy: 'Install the version that CONFIG_RUSTC_VERSION_TEXT names; `ringscope doctor` compares them.',
    }),
  },
  {
    pattern: /can't find crate for `(\w+)`|error\[E0463\]: (?!can't)/,
    explain: ([, crate = 'kernel']) => ({
      title: 'The kernel tree has no Rust crates',
      detail: `The metadata of \`${crate}\` (rust/*.rmeta) is missing: Debian’s headers packages come without it.`,
      remedy: 'Rebuild it from linux-source of the same version (`make modules_prepare`); driver/rigb/README.md says how.',
    }),
  },
  {
    pattern:
      /(?:^|\n)(?:\/bin\/sh: \d+: |make: )?([\w.+-]+): (?:command )?not found|(?:^|\n)make[^\n]*: ([\w.+/-]+): No such file or directory/,
    explain: ([, program, other]) => {
      const name = program ?? other ?? 'a program';
      return {
        title: `${name} is not installed`,
        detail: 'The kernel’s build needs it.',
        remedy: `Install it, for example with \`apt-get install ${name.replace(/^x86_64-linux-gnu-/, '')}\`, and build again.`,
      };
    },
  },
  {
    pattern: /(?:No space left on device)/,
    explain: () => ({
      title: 'The disk is full',
      detail: 'A build writes about 20 MB into the cache folder.',
      remedy: 'Make room and build again.',
    }),
  },
];

/** Explains a failed build or a refused module. The last line that looks like an error stands for what nobody knows. */
export function explain(output: string, kernelRelease: string): Explained {
  for (const { pattern, explain: of } of known) {
    const match = pattern.exec(output);
    if (match) return of(match, kernelRelease);
  }
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const line = lines.find((one) => /\berror(\[E\d+\])?:|\*\*\*/.test(one)) ?? lines.at(-1) ?? 'It said nothing.';
  return { title: 'The build failed', detail: line.trim(), remedy: 'The lines above it say more; remove the cause and build again.' };
}
