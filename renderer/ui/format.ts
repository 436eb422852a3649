// Numbers as an engineer reads them: grouped digits, units always, a dash where nothing was measured.

/** Shown where there is no value; the reason belongs into the element's title. */
export const missing = '–';

/** A count with its digits in groups of three. */
export function formatCount(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value)
    ? missing
    : Math.round(value).toLocaleString('en-US').replaceAll(',', '\u2009');
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
