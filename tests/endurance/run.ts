// `npm run test:endurance`: the long form of the scenarios, one after the other, each in a guest of its own.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheDirectory } from '../../driver/lab/cache.mjs';
import type { LabDescription } from '../../main/node/lab/lab-description.ts';
import { Bench } from './bench.ts';
import { anySeed } from './random.ts';
import { type Findings, failuresOf, type Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

const names = scenarios.map(({ name }) => name).join(', ');
const usage = `npm run test:endurance -- [--only NAME[,NAME]] [--count N] [--seed N]
  --only     some of: ${names}
  --count    cycles or changes of each, instead of ${scenarios.map(({ name, longCount }) => `${longCount} (${name})`).join(', ')}
  --seed     repeats a run's choices`;

const say = (line: string) => process.stdout.write(`${line}\n`);

interface Options {
  readonly wanted: readonly Scenario[];
  readonly count: number | undefined;
  readonly seed: number;
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} is a whole number of at least 1, not ${text}.`);
  return value;
}

function readOptions(argv: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      count: { type: 'string' },
      seed: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return null;
  }
  const only = values.only.flatMap((text) => text.split(','));
  const unknown = only.find((name) => !scenarios.some((scenario) => scenario.name === name));
  if (unknown !== undefined) throw new Error(`There is no scenario ${unknown}; there are ${names}.`);
  const wanted = scenarios.filter(({ name }) => only.length === 0 || only.includes(name));
  return { wanted, count: positive('count', values.count), seed: positive('seed', values.seed) ?? anySeed() };
}

/** A scenario's findings as lines. */
export function summaryOf({ name, unit }: Pick<Scenario, 'name' | 'unit'>, findings: Findings): string[] {
  const { count, seed, seconds, counters, before, after, tally } = findings;
  const change = (from: number, to: number) => `${from} → ${to} KiB (${to >= from ? '+' : '−'}${Math.abs(to - from)})`;
  const failures = failuresOf(findings);
  return [
    `${failures.length === 0 ? '✓' : '✕'} ${name}: ${count} ${unit} in ${Math.round(seconds)} s, seed ${seed}`,
    `    ${[...tally].map(([what, times]) => `${what}: ${times}`).join(', ')}`,
    `    counters: ${counters.counters}, read ${counters.samples} times on ${counters.interfaces} registration(s), ${counters.backward.length} went back`,
    `    memory available ${change(before.available, after.available)}, slab ${change(before.unreclaimableSlab, after.unreclaimableSlab)}`,
    `    complaints of the kernel: ${findings.complaints.length}`,
    ...failures.map((failure) => `    ${failure}`),
  ];
}

/** Runs one scenario in a guest of its own, and writes the kernel's log to `logPath` on the way. */
async function runInGuest(scenario: Scenario, count: number, seed: number, logPath: string): Promise<Findings> {
  const { name, unit, isGuarded } = scenario;
  const bench = await Bench.boot({ name: `endurance-${name}`, isGuarded, onLog: (log) => appendFileSync(logPath, log) });
  const begun = Date.now();
  let told = 0;
  const onProgress = (done: number) => {
    if (done < told + 25 && done < count) return;
    told = done;
    say(`  ${name}: ${done} of ${count} ${unit}, ${Math.round((Date.now() - begun) / 1000)} s`);
  };
  try {
    return await scenario.run({ bench, count, seed, onProgress });
  } catch (error) {
    // What the kernel said last is the best that is known then.
    await bench.readLog().catch(() => undefined);
    throw error;
  } finally {
    await bench[Symbol.asyncDispose]();
  }
}

/** Runs what is asked for; `prepare` builds the lab. Returns the exit code. */
export async function main(argv: readonly string[], prepare: () => Promise<LabDescription>): Promise<number> {
  const options = readOptions(argv);
  if (!options) return 0;
  process.env.RINGSCOPE_PREPARED = '1';
  const { kernelRelease } = await prepare();
  const results = join(cacheDirectory(), 'endurance');
  mkdirSync(results, { recursive: true });
  say(`rigb on Linux ${kernelRelease}, seed ${options.seed}`);
  let failed = 0;
  for (const scenario of options.wanted) {
    const count = options.count ?? scenario.longCount;
    const logPath = join(results, `${scenario.name}-dmesg.txt`);
    writeFileSync(logPath, '');
    let lines: string[];
    try {
      const findings = await runInGuest(scenario, count, options.seed, logPath);
      if (failuresOf(findings).length > 0) failed++;
      lines = summaryOf(scenario, findings);
    } catch (error) {
      failed++;
      lines = [`✕ ${scenario.name}: ended early, seed ${options.seed}`, `    ${error instanceof Error ? error.message : String(error)}`];
    }
    for (const line of lines) say(line);
    writeFileSync(join(results, `${scenario.name}-summary.txt`), `${lines.join('\n')}\n`);
  }
  say(`${options.wanted.length - failed} passed, ${failed} failed. Kernel logs and summaries: ${results}`);
  return failed > 0 ? 1 : 0;
}
