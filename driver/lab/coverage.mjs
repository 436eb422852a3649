// Which lines of the driver the host's tests run: rustc's own instrumentation, read by the LLVM that this rustc was built with.
import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cacheDirectory, keyOf, product } from './cache.mjs';
import { runInside, StepError } from './run.mjs';
import { cargoBinds } from './steps.mjs';

/** `llvm-cov` and `llvm-profdata` of the very version that the build root's rustc uses; about 16 MB to download, once. */
function coverageTools(root, onLine) {
  const script = `set -e
mkdir -p /tmp/state/lists/partial /tmp/cache/archives/partial /tmp/package
cd /tmp/package
options='-o Dir::State=/tmp/state -o Dir::Cache=/tmp/cache -o APT::Sandbox::User=root'
apt-get $options update
release=$(rustc -vV | sed -n 's/^LLVM version: \\([0-9]*\\).*/\\1/p')
apt-get $options download "llvm-$release=$(dpkg-query -W -f '\${Version}' "libllvm$release")"
dpkg-deb -x llvm-*.deb .
cp usr/lib/llvm-$release/bin/llvm-cov usr/lib/llvm-$release/bin/llvm-profdata /mnt/output/`;
  return product('llvm', keyOf({ texts: [basename(root), script] }), (folder) =>
    runInside(root, ['sh', '-c', script], { write: { '/mnt/output': folder }, onLine, describe: 'Fetching the coverage tools' }),
  );
}

/** The files of `src/ring` and `src/hw`, each with how many of its lines hold code and how many of those were run. Rejects when a test fails. */
export async function driverCoverage(root, onLine) {
  const { folder: llvm } = await coverageTools(root, onLine);
  const profiles = join(cacheDirectory(), 'coverage');
  rmSync(profiles, { recursive: true, force: true });
  mkdirSync(profiles, { recursive: true });
  // Beside the ordinary target folder: the flags differ, and neither build shall undo the other.
  const script = `set -e
cd /mnt/driver
test=$(cargo test --locked -p rigb-hosttest --no-run --message-format=json | sed -n 's/.*"executable":"\\([^"]*\\)".*/\\1/p')
LLVM_PROFILE_FILE=/mnt/profiles/%p.profraw "$test" --quiet
/mnt/llvm/llvm-profdata merge -sparse /mnt/profiles/*.profraw -o /mnt/profiles/merged
/mnt/llvm/llvm-cov export "$test" -instr-profile=/mnt/profiles/merged --summary-only
echo`;
  const binds = cargoBinds();
  const lines = [];
  await runInside(root, ['sh', '-c', script], {
    read: { ...binds.read, '/mnt/llvm': llvm },
    write: { ...binds.write, '/mnt/profiles': profiles },
    environment: {
      ...binds.environment,
      CARGO_TARGET_DIR: '/mnt/cargo-target/coverage',
      RUSTFLAGS: '-C instrument-coverage',
      // Build scripts and macros are instrumented too; what they write is nobody's business.
      LLVM_PROFILE_FILE: '/dev/null',
    },
    onLine: (line) => (line.startsWith('{"') && line.includes('"llvm.coverage.json.export"') ? lines.push(line) : onLine?.(line)),
    describe: 'Coverage of the driver',
  });
  if (lines.length !== 1) throw new StepError('llvm-cov exported nothing.');
  return JSON.parse(lines[0])
    .data[0].files.map(({ filename, summary }) => ({
      name: /\/src\/((?:ring|hw)\/.+)$/.exec(filename)?.[1],
      lines: summary.lines.count,
      covered: summary.lines.covered,
    }))
    .filter(({ name }) => name !== undefined);
}
