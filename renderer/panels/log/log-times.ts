// Times of the kernel log in words.
import { missing } from '../../ui/format.ts';

/** Seconds since boot with six decimals, as dmesg prints them. */
export const bootTime = (timeUs: number): string => (timeUs / 1e6).toFixed(6);

const two = (value: number) => String(value).padStart(2, '0');
const microseconds = (timeUs: bigint) => String(((timeUs % 1_000_000n) + 1_000_000n) % 1_000_000n).padStart(6, '0');

/** Microseconds since 1970 of a row; null without `bootTimeUnixNs`, which `hello` brings. */
export function unixUs(timeUs: number, bootTimeUnixNs: string | null): bigint | null {
  if (bootTimeUnixNs === null || Number.isNaN(timeUs)) return null;
  return BigInt(bootTimeUnixNs) / 1000n + BigInt(Math.round(timeUs));
}

/** The clock on the wall with microseconds, in this window's time zone. */
export function wallTime(timeUs: number, bootTimeUnixNs: string | null): string {
  const us = unixUs(timeUs, bootTimeUnixNs);
  if (us === null) return missing;
  const date = new Date(Number(us / 1000n));
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${microseconds(us)}`;
}

/** ISO 8601 in UTC with microseconds; empty where the boot time is not known. */
export function isoTime(timeUs: number, bootTimeUnixNs: string | null): string {
  const us = unixUs(timeUs, bootTimeUnixNs);
  if (us === null) return '';
  return `${new Date(Number(us / 1000n)).toISOString().slice(0, 19)}.${microseconds(us)}Z`;
}

/** What passed since the row before, with its sign: CPUs' clocks may differ by a little. */
export function deltaTime(timeUs: number, beforeUs: number): string {
  if (Number.isNaN(beforeUs)) return missing;
  const delta = timeUs - beforeUs;
  return `${delta < 0 ? '-' : '+'}${(Math.abs(delta) / 1e6).toFixed(6)}`;
}
