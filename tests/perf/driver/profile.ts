// Which functions the guest's instructions went to, from counts by address and symbol tables.
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { keyOf, product } from '../../../driver/lab/cache.mjs';
import { runInside } from '../../../driver/lab/run.mjs';
import { type GuestFiles, runGuest } from './guest.ts';

interface Symbol {
  readonly address: bigint;
  readonly name: string;
  readonly module: string;
}

/** A function's instructions, `calls` is how often its first instruction was executed. */
export interface FunctionCount {
  readonly name: string;
  readonly module: string;
  readonly instructions: number;
  readonly calls: number;
}

function parsed(symbols: readonly string[]): Symbol[] {
  return symbols
    .map((line) => /^([0-9a-f]+) [tTwW] (\S+)(?:\s+\[(.+)\])?/.exec(line))
    .filter((match) => match !== null)
    .map(([, address = '', name = '', module = 'kernel']) => ({ address: BigInt(`0x${address}`), name, module }))
    .filter(({ name }) => !/^(__pfx_|__SCT__|\.L)/.test(name))
    .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
}

/** The kernel's own symbols, asked of a guest once: it runs without address randomisation, so they stay where they are. */
export async function kernelSymbols(files: GuestFiles): Promise<string[]> {
  const { folder } = await product('symbols', keyOf({ texts: [basename(files.root)] }), async (folder: string) => {
    const lines: string[] = [];
    await runGuest(files, [], { onKernelSymbol: (line) => lines.push(line) });
    writeFileSync(join(folder, 'kallsyms'), `${lines.join('\n')}\n`);
  });
  return readFileSync(join(folder, 'kallsyms'), 'utf8').split('\n');
}

/** Sums the counts by function, most first. */
export function byFunction(counts: ReadonlyMap<bigint, number>, symbols: readonly string[]): FunctionCount[] {
  const sorted = parsed(symbols);
  const sums = new Map<Symbol, { instructions: number; calls: number }>();
  const addresses = [...counts.keys()].sort((a, b) => (a < b ? -1 : 1));
  let at = 0;
  for (const address of addresses) {
    while (at + 1 < sorted.length && (sorted[at + 1]?.address ?? 0n) <= address) at++;
    const symbol = sorted[at] ?? { address: 0n, name: '?', module: '?' };
    const sum = sums.get(symbol) ?? { instructions: 0, calls: 0 };
    const count = counts.get(address) ?? 0;
    sum.instructions += count;
    // The first instruction may be missing from the counts where a function was never entered at its begin.
    if (address === symbol.address) sum.calls = count;
    sums.set(symbol, sum);
  }
  return [...sums].map(([{ name, module }, sum]) => ({ name, module, ...sum })).sort((a, b) => b.instructions - a.instructions);
}

/** Rust's mangled names as they are written in source. */
export async function demangled(root: string, names: readonly string[]): Promise<Map<string, string>> {
  const mangled = [...new Set(names.filter((name) => name.startsWith('_R')))];
  if (mangled.length === 0) return new Map();
  const text: string = await runInside(root, ['c++filt', ...mangled]);
  const plain = text.trim().split('\n');
  return new Map(mangled.map((name, index) => [name, plain[index] ?? name]));
}

/** The profile of one or two drivers side by side, per unit of work (frame, KiB), as text. */
export function profileText(
  profiles: ReadonlyMap<string, { units: number; functions: readonly FunctionCount[] }>,
  names: ReadonlyMap<string, string>,
  shownLines = 60,
): string {
  const drivers = [...profiles.keys()];
  const lines = new Map<string, { perUnit: number[]; calls: number[] }>();
  const modules = new Map<string, number[]>();
  drivers.forEach((driver, column) => {
    const profile = profiles.get(driver);
    for (const { name, module, instructions, calls } of profile?.functions ?? []) {
      const units = profile?.units ?? 1;
      const key = `${names.get(name) ?? name}${module === 'kernel' ? '' : ` [${module}]`}`;
      const line = lines.get(key) ?? { perUnit: drivers.map(() => 0), calls: drivers.map(() => 0) };
      line.perUnit[column] = (line.perUnit[column] ?? 0) + instructions / units;
      line.calls[column] = (line.calls[column] ?? 0) + calls / units;
      lines.set(key, line);
      const sum = modules.get(module) ?? drivers.map(() => 0);
      sum[column] = (sum[column] ?? 0) + instructions / units;
      modules.set(module, sum);
    }
  });
  const cell = (value: number) => value.toFixed(1).padStart(9);
  const head = drivers.map((driver) => driver.padStart(9)).join('') + drivers.map((driver) => `${driver} calls`.padStart(12)).join('');
  const sorted = [...lines].sort(([, a], [, b]) => Math.max(...b.perUnit) - Math.max(...a.perUnit)).slice(0, shownLines);
  const body = sorted.map(
    ([name, { perUnit, calls }]) => `${perUnit.map(cell).join('')}${calls.map((value) => value.toFixed(2).padStart(12)).join('')}  ${name}`,
  );
  const byModule = [...modules]
    .sort(([, a], [, b]) => Math.max(...b) - Math.max(...a))
    .map(([name, sums]) => `${sums.map(cell).join('')}  ${name}`);
  const total = drivers.map((_, column) => cell([...modules.values()].reduce((sum, sums) => sum + (sums[column] ?? 0), 0))).join('');
  return [head, ...body, '', 'by module', ...byModule, `${total}  all`].join('\n');
}
