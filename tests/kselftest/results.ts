// The results that are kept between runs: a folder a driver and test file, with the raw output, the kernel's log and what is known of the run.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { complaintsOf } from './kernel-log.ts';
import { parseOutput } from './outcome.ts';
import type { Outcome } from './test-case.ts';
import type { TestFile } from './test-files.ts';

/** The two drivers of the comparison. */
export const drivers = ['igb', 'rigb'] as const;
export type Driver = (typeof drivers)[number];

const runFacts = z.object({
  /** Changes with everything that the result depends on; see `keyOfRun`. */
  key: z.string(),
  /** The file's own exit code; null when it was ended for taking too long, or never began. */
  exitCode: z.number().nullable(),
  /** Why the file could not be run to its end: the surroundings were not to be had, or the guest was lost. */
  problem: z.string().nullable(),
  seconds: z.number(),
  /** When it ended, ISO 8601. */
  endedAt: z.string(),
});

/** What is known of one run beside its output. */
export type RunFacts = z.infer<typeof runFacts>;

/** A kept run, its output read. */
export interface Run extends RunFacts, Outcome {
  readonly complaints: readonly string[];
}

const folderName = (file: TestFile) => file.name.replace(/[^A-Za-z0-9._]+/g, '-');

/** The folder of one driver's run of a file. */
export const folderOf = (results: string, driver: Driver, file: TestFile): string => join(results, driver, folderName(file));

/** Keeps a run; its facts last, so that what has facts is whole. */
export function keepRun(folder: string, output: string, kernelLog: string, facts: RunFacts): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'output.txt'), output);
  writeFileSync(join(folder, 'kernel-log.txt'), kernelLog);
  const path = join(folder, 'run.json');
  writeFileSync(`${path}.partial`, `${JSON.stringify(facts, null, 2)}\n`);
  renameSync(`${path}.partial`, path);
}

/** The kept run, or null. Its output is read anew each time, so that it is never older than what reads it. */
export function keptRun(results: string, driver: Driver, file: TestFile): Run | null {
  const folder = folderOf(results, driver, file);
  const path = join(folder, 'run.json');
  if (!existsSync(path)) return null;
  const facts = runFacts.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!facts.success) return null;
  const outcome = parseOutput(file.format, readFileSync(join(folder, 'output.txt'), 'utf8'), facts.data.exitCode);
  const incomplete = facts.data.problem ?? outcome.incomplete;
  return {
    ...facts.data,
    cases: outcome.cases,
    incomplete,
    complaints: complaintsOf(readFileSync(join(folder, 'kernel-log.txt'), 'utf8')),
  };
}
