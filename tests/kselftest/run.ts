// `npm run test:kselftest`: the kernel's own driver tests on the in-tree igb and on rigb, and what differs.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { keyOf } from '../../driver/lab/cache.mjs';
import { kselftestGuestKey, kselftestResults, packKselftestGuest } from '../../driver/lab/kselftest.mjs';
import { runInside } from '../../driver/lab/run.mjs';
import { chooseAccelerator } from '../../main/node/lab/accelerator.ts';
import type { LabDescription } from '../../main/node/lab/lab-description.ts';
import type { Accelerator } from '../../main/node/lab/qemu-command.ts';
import { compareRuns, isRegression } from './comparison.ts';
import { type GuestFiles, SelftestGuest } from './guest.ts';
import { knownLimits } from './known-limits.ts';
import { kselftestDocument, type Versions } from './markdown.ts';
import { countsOf, type FileRuns, textTable } from './report.ts';
import { type Driver, drivers, folderOf, keepRun, keptRun } from './results.ts';
import { runFile } from './run-file.ts';
import { selectFiles, type TestFile, testFiles } from './test-files.ts';

/** What the setup script prepared: the lab and the folder of the selftests' image. */
export interface Prepared {
  readonly lab: LabDescription;
  readonly image: string;
}

const usage = `npm run test:kselftest -- [--driver igb|rigb|both] [--only FILE[,FILE]] [--again] [--module RIGB.KO] [--kept] [--list]
  --only     such as xdp.py or drivers/net/xdp.py; all files without it
  --again    runs what was run already, too
  --module   another rigb.ko than the checkout's
  --kept     runs nothing, prints what is kept
  --list     prints the files' names`;

interface Options {
  readonly wanted: readonly Driver[];
  readonly files: readonly TestFile[];
  readonly again: boolean;
  readonly kept: boolean;
  readonly module: string | undefined;
}

function readOptions(argv: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      driver: { type: 'string', default: 'both' },
      only: { type: 'string', multiple: true, default: [] },
      again: { type: 'boolean', default: false },
      kept: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      module: { type: 'string' },
    },
  });
  if (values.help) process.stdout.write(`${usage}\n`);
  if (values.list) process.stdout.write(`${testFiles.map(({ name }) => name).join('\n')}\n`);
  if (values.help || values.list) return null;
  const wanted = drivers.filter((driver) => values.driver === 'both' || values.driver === driver);
  if (wanted.length === 0) throw new Error(`--driver is igb, rigb or both, not ${values.driver}.`);
  const names = values.only.flatMap((text) => text.split(',')).filter((name) => name !== '');
  return { wanted, files: selectFiles(names), again: values.again, kept: values.kept, module: values.module };
}

const documentPath = fileURLToPath(new URL('../lab/kselftest.md', import.meta.url));

/** Whether both drivers have run every file. */
const isComplete = (runs: readonly FileRuns[]) => runs.length === testFiles.length && runs.every(({ igb, rigb }) => igb && rigb);

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

/** One guest at a time, kept for as long as files can share it. */
class Guests {
  readonly #files: GuestFiles;
  readonly #accelerator: Accelerator;
  #guest: SelftestGuest | null = null;
  #ports = 0;

  constructor(files: GuestFiles, accelerator: Accelerator) {
    this.#files = files;
    this.#accelerator = accelerator;
  }

  async get(ports: number): Promise<SelftestGuest> {
    if (this.#guest && this.#ports === ports) return this.#guest;
    await this.drop();
    this.#ports = ports;
    this.#guest = await SelftestGuest.boot(this.#files, ports, this.#accelerator);
    return this.#guest;
  }

  async drop(): Promise<void> {
    await this.#guest?.[Symbol.asyncDispose]();
    this.#guest = null;
  }
}

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
  if (isComplete(runs)) {
    const versions = await versionsOf(lab, image, moduleDigest);
    writeFileSync(documentPath, kselftestDocument(runs, newestDay(runs), versions, knownLimits));
    say(`Written: ${documentPath}`);
  }
  say(`Raw output: ${results}`);
  const isWorse = runs.some(
    ({ igb, rigb }) =>
      compareRuns(igb, rigb).some((one) => isRegression(one, rigb)) ||
      (rigb && igb && rigb.complaints.length > 0 && igb.complaints.length === 0),
  );
  return isWorse ? 1 : 0;
}
