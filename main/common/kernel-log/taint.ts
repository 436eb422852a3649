// The letters after "Tainted:", in words; see the kernel's Documentation/admin-guide/tainted-kernels.rst.

const meanings: Readonly<Record<string, string>> = {
  P: 'proprietary module was loaded',
  F: 'module was force loaded',
  S: 'kernel runs on an out of specification system',
  R: 'module was force unloaded',
  M: 'processor reported a machine check',
  B: 'bad page referenced',
  U: 'taint requested by userspace',
  D: 'kernel died recently (oops or BUG)',
  A: 'ACPI table overridden by the user',
  W: 'kernel issued a warning before',
  C: 'staging driver was loaded',
  I: 'workaround for a firmware bug applied',
  O: 'module from outside of the kernel tree was loaded',
  E: 'unsigned module was loaded',
  L: 'soft lockup occurred',
  K: 'kernel has been live patched',
  X: "auxiliary taint, the distribution's",
  T: 'kernel was built with structure layout randomised',
  N: 'an in-kernel test has been run',
  J: 'userspace used a mutating debug operation of fwctl',
};

/** What each letter says; `G` stands for "no proprietary module" and says nothing. */
export function taintMeanings(letters: string): readonly { readonly letter: string; readonly meaning: string }[] {
  return [...letters].filter((letter) => letter in meanings).map((letter) => ({ letter, meaning: meanings[letter] ?? '' }));
}
