// Numbers as an engineer reads them: grouped digits, units always, a dash where nothing was measured.

/** Shown where there is no value; the reason belongs into the element's title. */
export const missing = '–';

// Made once: the tables format thousands of counts a second.
const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A count with its digits in groups of three. */
export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value)
    ? missing
    : grouped.format(Math.round(value)).replaceAll(',', '\u2009');
}

/** A rate a second. */
export function formatRate(value: number | null, unit: string): string {
  return value === null ? missing : `${formatCount(value)} ${unit}/s`;
}

/** Bytes a second as bits. */
export function formatBits(bytesPerSecond: number | null): string {
  return bytesPerSecond === null ? missing : `${((bytesPerSecond * 8) / 1e6).toFixed(2)} Mb/s`;
}

/** Microseconds since boot as seconds with six decimals, as dmesg prints them. */
export function formatLogTime(timeUs: bigint | number): string {
  const us = BigInt(timeUs);
  return `${us / 1_000_000n}.${(us % 1_000_000n).toString().padStart(6, '0')}`;
}

/** Hex digits in groups of four. */
export const groupHex = (digits: string): string => digits.replaceAll(/(.{4})(?=.)/g, '$1 ');

/** A byte count. */
export function formatSize(bytes: number | null): string {
  return bytes === null ? missing : `${(bytes / 1024).toFixed(0)} KiB`;
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A size of any order, with three digits at the least. */
export function formatBytes(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? value.toFixed(0) : value.toFixed(1)} ${byteUnits[power]}`;
}

/** Milliseconds as minutes, seconds and tenths, with hours where there are any. */
export function formatDuration(ms: number): string {
  const tenths = Math.floor(Math.max(0, ms) / 100);
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(tenths / 36_000);
  const rest = `${two(Math.floor(tenths / 600) % 60)}:${two(Math.floor(tenths / 10) % 60)}.${tenths % 10}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
