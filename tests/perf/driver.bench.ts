// rigb beside the in-tree igb on the same card, in the same guest. See driver/README.md for what is measured and how.
import { writeFileSync } from 'node:fs';
import { test } from 'vitest';
import { benchImage } from '../../driver/lab/bench-guest.mjs';
import { readLabDescription } from '../../main/node/lab/lab-description.ts';
import { type Driver, type Found, type GuestFiles, runGuest } from './driver/guest.ts';
import { byFunction, demangled, kernelSymbols, profileText } from './driver/profile.ts';
import { type RowDefinition, rows } from './driver/rows.ts';
import { sourceLinesText } from './driver/source-lines.ts';
import { type Measured, measured, median, spread, tableText } from './driver/table.ts';

const drivers: readonly Driver[] = ['igb', 'rigb'];
const runs = Number(process.env.RINGSCOPE_BENCH_RUNS ?? 3);

async function guestFiles(): Promise<GuestFiles> {
  const lab = readLabDescription();
  if (!lab.ok) throw new Error(lab.error);
  const { folder } = await benchImage(lab.value.root, (line: string) => process.stderr.write(`${line}\n`));
  return { root: lab.value.root, bench: folder, module: process.env.RINGSCOPE_BENCH_MODULE ?? lab.value.module };
}

function chosen(names: string | undefined): readonly RowDefinition[] {
  if (!names) return rows;
  return names.split(',').map((name) => {
    const row = rows.find(({ id }) => id === name);
    if (!row) throw new Error(`There is no row ${name}: ${rows.map(({ id }) => id).join(', ')}`);
    return row;
  });
}

/** A row's number of one step; throws with what went wrong in it. */
function numberOf({ value }: RowDefinition, found: Found): number | null {
  if (found.failure) throw new Error(`${found.measurement} under ${found.driver}: ${found.failure}`);
  return value(found);
}

async function compare(files: GuestFiles, definitions: readonly RowDefinition[]): Promise<void> {
  const measurements = [...new Set(definitions.map(({ measurement }) => measurement))];
  const steps = measurements.length * drivers.length * runs;
  const found: Found[] = [];
  // A guest of its own for each: what one measurement leaves in the caches of the kernel's memory is not the next one's. The drivers take turns in it, so that
  // whatever changes in the course of a guest's life changes for both.
  for (const measurement of measurements) {
    const plan = Array.from({ length: runs }, () => drivers.map((driver) => ({ measurement, driver }))).flat();
    await runGuest(files, plan, {
      onFound: (step) => {
        found.push(step);
        process.stderr.write(`${found.length}/${steps} ${step.measurement} ${step.driver}${step.failure ? `: ${step.failure}` : ''}\n`);
      },
    });
  }
  const failures = new Set<string>();
  const failed = new Set<string>();
  const valuesOf = (definition: RowDefinition, driver: Driver): number[] =>
    found
      .filter((step) => step.measurement === definition.measurement && step.driver === driver)
      .map((step) => {
        try {
          return numberOf(definition, step);
        } catch (error) {
          failed.add(definition.row);
          failures.add(error instanceof Error ? error.message : String(error));
          return null;
        }
      })
      .filter((one) => one !== null);
  const all: Measured[] = definitions.map((definition) =>
    measured(definition, median(valuesOf(definition, 'igb')), median(valuesOf(definition, 'rigb'))),
  );
  const spreads = definitions.map((definition) => Math.max(...drivers.map((driver) => spread(valuesOf(definition, driver)))));
  process.stdout.write(
    `\ndriver: ${runs} runs each, medians\n\n${tableText(definitions, all, spreads, failed)}\n\n${[...failures].join('\n')}\n`,
  );
  const path = process.env.RINGSCOPE_BENCH_JSON;
  if (path) writeFileSync(path, `${JSON.stringify(all, null, 2)}\n`);
  if (failures.size > 0) throw new Error([...failures].join('\n'));
}

async function profile(files: GuestFiles, definitions: readonly RowDefinition[], of: readonly Driver[]): Promise<void> {
  const plan = definitions.flatMap(({ measurement }) => of.map((driver) => ({ measurement, driver })));
  const { found, profile: counted } = await runGuest(files, plan, { profile: true });
  const kernel = await kernelSymbols(files);
  let section = 0;
  const counts = found.map((step) => {
    const first = section;
    section += step.sections.length;
    return step.sections.length === 1 ? counted[first] : undefined;
  });
  for (const definition of definitions) {
    const profiles = new Map<string, { units: number; functions: ReturnType<typeof byFunction> }>();
    const lines: (() => Promise<string>)[] = [];
    found.forEach((step, index) => {
      if (step.measurement !== definition.measurement) return;
      const value = numberOf(definition, step);
      const addresses = counts[index];
      if (value === null || !addresses) return;
      const units = (step.sections[0]?.kernel ?? 0) / value;
      profiles.set(step.driver, { units, functions: byFunction(addresses, [...kernel, ...step.symbols]) });
      if (step.driver === 'rigb') lines.push(() => sourceLinesText(files, addresses, step.symbols, units));
    });
    if (profiles.size === 0) throw new Error(`${definition.id} counts no instructions, or no driver offers it`);
    const mangled = [...profiles.values()].flatMap(({ functions }) => functions.map(({ name }) => name));
    const names = await demangled(files.root, mangled);
    process.stdout.write(`\n${definition.row}: instructions of the guest's kernel by function\n\n${profileText(profiles, names)}\n\n`);
    for (const text of lines) process.stdout.write(`by source line of rigb\n\n${await text()}\n\n`);
  }
}

test('rigb beside igb', { timeout: 3_600_000 }, async () => {
  const files = await guestFiles();
  if (!process.env.RINGSCOPE_BENCH_PROFILE) return compare(files, chosen(process.env.RINGSCOPE_BENCH_ROWS));
  const driver = drivers.find((name) => name === process.env.RINGSCOPE_BENCH_DRIVER);
  return profile(files, chosen(process.env.RINGSCOPE_BENCH_PROFILE), driver ? [driver] : drivers);
});
