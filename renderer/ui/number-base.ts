// Numbers that may be read either way, as the person chose: `0x1f` or `31`. For fields of registers and descriptors; counts and rates are always decimal.
import type { NumberBase } from '../state/layout-store.ts';
import { formatCount, groupHex } from './format.ts';
import { useLayout } from './model-context.tsx';

/** A number in a base; `bits` pads hex to the field's width. */
export function formatInBase(value: number | bigint, base: NumberBase, bits = 0): string {
  if (base === 'dec') return typeof value === 'bigint' ? value.toLocaleString('en-US').replaceAll(',', '\u2009') : formatCount(value);
  const digits = value.toString(16).padStart(Math.ceil(bits / 4), '0');
  // Groups count from the right, where the low digits are.
  const odd = digits.length % 4;
  return `0x${digits.length > 4 ? `${digits.slice(0, odd)}${odd > 0 ? ' ' : ''}${groupHex(digits.slice(odd))}` : digits}`;
}

/** Writes numbers as the person chose, and again when that changes. */
export function useNumberFormat(): (value: number | bigint, bits?: number) => string {
  const base = useLayout((state) => state.numberBase);
  return (value, bits) => formatInBase(value, base, bits);
}
