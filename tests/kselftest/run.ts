// `npm run test:kselftest`: the kernel's own driver tests on the in-tree igb and on rigb, and what differs.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keyOf } from '../../driver/lab/cache.mjs';
import { kselftestGuestKey, kselftestResults, packKselftestGuest } from '../../driver/lab/kselftest.mjs';
import { runInside } from '../../driver/lab/run.mjs';
import { chooseAccelerator } from '../../main/node/lab/accelerator.ts';
import type { LabDescription } from '../../main/node/lab/lab-description.ts';
import { compareRuns } from './comparison.ts';
import { Guests } from './guests.ts';
import { knownLimits } from './known-limits.ts';
import { kselftestDocument, type Versions } from './markdown.ts';
import { readOptions } from './options.ts';
import { countsOf, type FileRuns, textTable } from './report.ts';
import { type Driver, folderOf, keepRun, keptRun } from './results.ts';
import { runFile } from './run-file.ts';
import { type TestFile, testFiles } from './test-files.ts';

/** What the setup script prepared: the lab and the folder of the selftests' image. */
export interface Prepared {
  readonly lab: LabDescription;
  readonly image: string;
}

const documentPath = fileURLToPath(new URL('../lab/kselftest.md', import.meta.url));

/** The day, ISO 8601, on which the last of the runs ended. */
const newestDay = (runs: readonly FileRuns[]) =>
  runs
    .flatMap(({ igb, rigb }) => [igb?.endedAt ?? '', rigb?.endedAt ?? ''])
    .sort()
    .at(-1)
    ?.slice(0, 10) ?? '';

async function versionsOf(lab: LabDescription, image: string, moduleDigest: string): Promise<Versions> {
  const packages = new Map(
    readFileSync(join(image, 'packages'), 'utf8')
      .split('\n')
      .map((line) => line.split('\t'))
      .map(([name = '', version = '']) => [name, version]),
  );
  const [, qemu = ''] = /version (\S+)/.exec(await runInside(lab.root, ['qemu-system-x86_64', '--version'])) ?? [];
  const installed = ['ethtool', 'iproute2', 'python3'].map((name) => [name, packages.get(name) ?? '']);
  return { Linux: lab.kernelRelease, QEMU: qemu, ...Object.fromEntries(installed), 'rigb.ko (SHA-256)': moduleDigest.slice(0, 16) };
}

const say = (text: string) => process.stderr.write(`${text}\n`);

/** The command: reads `argv`, runs, prints. Returns the exit code: 1 when something that igb passes fails under rigb, or the kernel complained under rigb alone. */
export async function main(argv: readonly string[], prepare: () => Promise<Prepared>): Promise<number> {
  const options = readOptions(argv);
  if (!options) return 0;
  const { lab, image } = await prepare();
  const module = options.module === undefined ? lab.module : resolve(options.module);
  if (!existsSync(module)) throw new Error(`${module} does not exist.`);
  const results = kselftestResults();
  const moduleDigest = createHash('sha256').update(readFileSync(module)).digest('hex');
  const guestKey = kselftestGuestKey(image);
  const keyOfRun = (driver: Driver, file: TestFile) =>
    keyOf({ texts: [guestKey, JSON.stringify(file), driver === 'rigb' ? moduleDigest : lab.kernelRelease] });

  const due = options.wanted
    .flatMap((driver) => options.files.map((file) => ({ driver, file })))
    .filter(({ driver, file }) => !options.kept && (options.again || keptRun(results, driver, file)?.key !== keyOfRun(driver, file)));
  if (due.length > 0) {
    const folder = mkdtempSync(join(tmpdir(), 'ringscope-kselftest-'));
    let guests: Guests | null = null;
    try {
      const moduleFolder = mkdtempSync(join(folder, 'module-'));
      copyFileSync(module, join(moduleFolder, 'rigb.ko'));
      const packed = await packKselftestGuest({ root: lab.root, image, module: moduleFolder, folder });
      guests = new Guests({ root: lab.root, ...packed, folder }, await chooseAccelerator(lab, folder));
      for (const [index, { driver, file }] of due.entries()) {
        say(`[${index + 1}/${due.length}] ${driver}: ${file.name} …`);
        const run = await runFile(await guests.get(file.ports), driver, file);
        keepRun(folderOf(results, driver, file), run.output, run.kernelLog, { ...run.facts, key: keyOfRun(driver, file) });
        if (!run.isGuestUsable) await guests.drop();
        const kept = keptRun(results, driver, file);
        say(
          `    ${countsOf(kept)} (passed / failed / skipped / xfail), ${run.facts.seconds} s${kept?.incomplete ? `: ${kept.incomplete}` : ''}`,
        );
      }
    } finally {
      await guests?.drop();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  const runs: readonly FileRuns[] = options.files.map((file) => ({
    file,
    igb: options.wanted.includes('igb') ? keptRun(results, 'igb', file) : null,
    rigb: options.wanted.includes('rigb') ? keptRun(results, 'rigb', file) : null,
  }));
  process.stdout.write(textTable(runs));
  const isCurrent = (driver: Driver, { file, [driver]: run }: FileRuns) => run?.key === keyOfRun(driver, file);
  const older = runs.flatMap((one) =>
    options.wanted.filter((driver) => one[driver] && !isCurrent(driver, one)).map((driver) => `${driver} ${one.file.name}`),
  );
  if (older.length > 0) say(`Kept from before something changed: ${older.join(', ')}`);
  if (runs.length === testFiles.length && runs.every((one) => isCurrent('igb', one) && isCurrent('rigb', one))) {
    const versions = await versionsOf(lab, image, moduleDigest);
    writeFileSync(documentPath, kselftestDocument(runs, newestDay(runs), versions, knownLimits));
    say(`Written: ${documentPath}`);
  }
  say(`Raw output: ${results}`);
  const isWorse = runs.some(
    ({ igb, rigb }) =>
      compareRuns(igb, rigb).some(({ verdict }) => verdict === 'lost') ||
      (rigb && igb && rigb.complaints.length > 0 && igb.complaints.length === 0),
  );
  return isWorse ? 1 : 0;
}
