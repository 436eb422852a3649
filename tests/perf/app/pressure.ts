// How much a measurement was held up by the machine: the kernel's account of the time in which something that could run waited for a processor (PSI).
import { readFileSync } from 'node:fs';

/** Milliseconds since boot in which at least one task waited for a processor; null on a kernel that does not count it. */
export function waitedMs(read: () => string = () => readFileSync('/proc/pressure/cpu', 'utf8')): number | null {
  try {
    const total = /^some .*total=(\d+)$/m.exec(read())?.[1];
    return total === undefined ? null : Number(total) / 1000;
  } catch {
    return null;
  }
}

/** Says of a measurement in what share of its time something waited for a processor: on a machine of its own, next to nothing does. */
export function pressureWords(before: number | null, after: number | null, tookMs: number): string {
  if (before === null || after === null || tookMs <= 0) return '';
  const share = Math.min(1, Math.max(0, (after - before) / tookMs));
  return `; something waited for a processor in ${(share * 100).toFixed(0)} % of the time`;
}
