// Durations between nanoseconds and seconds, in the unit that gives one to three digits before the point.
import { missing } from './format.ts';

const units = [
  { below: 1e3, per: 1, name: 'ns' },
  { below: 1e6, per: 1e3, name: 'µs' },
  { below: 1e9, per: 1e6, name: 'ms' },
] as const;

/** A duration with three digits; nanoseconds are whole. */
export function formatLatency(ns: number | null): string {
  if (ns === null || Number.isNaN(ns)) return missing;
  const size = Math.abs(ns);
  const { per, name } = units.find(({ below }) => size < below) ?? { per: 1e9, name: 's' };
  const value = ns / per;
  const digits = per === 1 ? 0 : Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
  return `${value.toFixed(digits)} ${name}`;
}
