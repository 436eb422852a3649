// A snapshot of registers as the wire's reader gives it, with only what a test cares about to be named.
import type { RegistersSnapshot } from '#common/layouts/snapshot.ts';

/** Taken at so many seconds since boot; values by offset. */
export function registersSnapshot(seconds: number, values: Readonly<Record<number, number>>, device = '0000:01:00.0'): RegistersSnapshot {
  const timeAfterNs = BigInt(Math.round(seconds * 1e9));
  const registers = Object.entries(values).map(([offset, value]) => ({ offset: Number(offset), value }));
  return { device, timeBeforeNs: timeAfterNs, timeAfterNs, registers };
}
