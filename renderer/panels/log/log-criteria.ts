// By what the kernel log is narrowed down.
import type { KernelLog } from '../../state/kernel-log.ts';
import type { LogChunk } from '../../state/log-chunk.ts';
import type { LogOrigin } from '../../state/log-origins.ts';
import { noSearch, type SearchText } from './text-pattern.ts';

/** The kernel's words for its levels, by number. */
export const levelNames = ['emerg', 'alert', 'crit', 'err', 'warn', 'notice', 'info', 'debug'] as const;

/** What a row has to be to be shown. */
export interface LogCriteria {
  /** The least severe level that is shown, 0 to 7. */
  readonly maximumLevel: number;
  /** kmsg's DEVICE key; null for any. */
  readonly device: string | null;
  /** kmsg's SUBSYSTEM key; null for any. */
  readonly subsystem: string | null;
  readonly search: SearchText;
}

/** Everything is shown. */
export const allRows: LogCriteria = { maximumLevel: 7, device: null, subsystem: null, search: noSearch };

/** Tells for rows whether they pass all but the text. Origins that are met later are taken into account. */
export function originAndLevel(log: KernelLog, { maximumLevel, device, subsystem }: LogCriteria): (chunk: LogChunk, at: number) => boolean {
  const passes: boolean[] = [];
  const isWanted = (origin: LogOrigin) =>
    (device === null || origin.device === device) && (subsystem === null || origin.subsystem === subsystem);
  const isAnyOrigin = device === null && subsystem === null;
  return (chunk, at) => {
    if (chunk.level(at) > maximumLevel) return false;
    if (isAnyOrigin) return true;
    for (let index = passes.length; index < log.origins.length; index += 1) {
      const origin = log.origins[index];
      passes.push(origin !== undefined && isWanted(origin));
    }
    return passes[chunk.origin[at] ?? 0] ?? false;
  };
}

/** A device as a person knows it: `pci 0000:01:00.0` for `+pci:0000:01:00.0`, `interface 2` for `n2`, `block 8:0`, `character 189:1`. */
export function deviceName(device: string): string {
  if (device.startsWith('+')) return device.slice(1).replace(':', ' ');
  const kinds: Readonly<Record<string, string>> = { n: 'interface', b: 'block', c: 'character' };
  const kind = kinds[device[0] ?? ''];
  return kind ? `${kind} ${device.slice(1)}` : device;
}
