// Which source lines of rigb the instructions went to, inlined functions resolved by the module's own debug information.
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { runInside } from '../../../driver/lab/run.mjs';

const chunk = 300;
const driverSource = join(import.meta.dirname, '../../../driver/rigb');

/** Where the module's `.text` lies in the guest: by a function that the module and the guest's symbols both name. */
async function textBase(root: string, module: string, symbols: readonly string[]): Promise<bigint | null> {
  const listing: string = await runInside(root, ['nm', `/mnt/module/${basename(module)}`], { read: { '/mnt/module': dirname(module) } });
  const offset = /^([0-9a-f]+) [tT] (__pfx_\S*QueuePoll\S*4poll)$/m.exec(listing);
  const loaded = symbols.find((line) => line.includes('[rigb]') && line.split(/\s+/)[2] === offset?.[2]);
  if (!offset?.[1] || !loaded) return null;
  return BigInt(`0x${loaded.split(' ')[0]}`) - BigInt(`0x${offset[1]}`);
}

/** The nearest place that is the driver's own, of those that one address is inlined from, innermost first. */
function ownPlace(places: readonly string[]): string {
  for (const text of places) {
    const place = /^\/mnt\/(?:source|output)\/(\S+:(?:\d+|\?))/.exec(text);
    if (place?.[1]) return place[1];
  }
  return places[0] ?? '?';
}

function sourceText(place: string): string {
  const [file = '', line] = place.split(':');
  const path = join(driverSource, file);
  return existsSync(path) ? (readFileSync(path, 'utf8').split('\n')[Number(line) - 1]?.trim() ?? '') : '';
}

/** The lines as text, most instructions per unit first. */
export async function sourceLinesText(
  { root, module }: { readonly root: string; readonly module: string },
  counts: ReadonlyMap<bigint, number>,
  symbols: readonly string[],
  units: number,
  shownLines = 60,
): Promise<string> {
  const base = await textBase(root, module, symbols);
  if (base === null) return 'The module has no symbol that the guest lists.';
  const ours = [...counts].filter(([address]) => address >= base && address < base + 0x100000n);
  const offsets = ours.map(([address]) => `0x${(address - base).toString(16)}`);
  const perLine = new Map<string, number>();
  // `runInside` keeps the last 200,000 characters of an answer.
  for (let from = 0; from < offsets.length; from += chunk) {
    const file = `/mnt/module/${basename(module)}`;
    const command = ['addr2line', '-a', '-i', '-e', file, '-j', '.text', ...offsets.slice(from, from + chunk)];
    const answer: string = await runInside(root, command, { read: { '/mnt/module': dirname(module) } });
    const answers = answer.split(/^0x[0-9a-f]{16}$/m).slice(1);
    answers.forEach((text, index) => {
      const place = ownPlace(text.trim().split('\n'));
      perLine.set(place, (perLine.get(place) ?? 0) + (ours[from + index]?.[1] ?? 0) / units);
    });
  }
  return [...perLine]
    .sort(([, a], [, b]) => b - a)
    .slice(0, shownLines)
    .map(([place, instructions]) => `${instructions.toFixed(1).padStart(9)}  ${place.padEnd(34)} ${sourceText(place)}`)
    .join('\n');
}
