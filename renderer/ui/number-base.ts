// Numbers that may be read either way, as the person chose: `0x1f` or `31`. Addresses and offsets are always hexadecimal, rates always decimal.
import type { LayoutStore, NumberBase } from '../state/layout-store.ts';
import { formatCount, groupHex, missing } from './format.ts';
import { useLayout } from './model-context.tsx';

/** A base in which a single number is written. */
export type Base = 'hex' | 'dec';

/** In which base fields of registers and descriptors are written. */
export const fieldBase = (base: NumberBase): Base => (base === 'dec' ? 'dec' : 'hex');

/** In which base counts are written. */
export const countBase = (base: NumberBase): Base => (base === 'hex' ? 'hex' : 'dec');

/** Each base in words, and which comes after it. */
export const numberBases: Readonly<Record<NumberBase, { readonly short: string; readonly words: string; readonly next: NumberBase }>> = {
  mixed: { short: 'mixed', words: 'fields in hexadecimal, counts in decimal', next: 'dec' },
  dec: { short: 'dec', words: 'decimal', next: 'hex' },
  hex: { short: 'hex', words: 'hexadecimal', next: 'mixed' },
};

/** What the switch is called. It holds the word that is seen on it, so that whoever speaks to the computer can say what they read. */
export const numbersLabel = (base: NumberBase): string => `Numbers: ${numberBases[base].short}, ${numberBases[base].words}`;

/** Goes on to the next base. */
export const nextNumberBase = (layout: LayoutStore): void =>
  layout.setState(({ numberBase }) => ({ numberBase: numberBases[numberBase].next }));

/** A number in a base; `bits` pads hex to the field's width. */
export function formatInBase(value: number | bigint, base: Base, bits = 0): string {
  if (base === 'dec') return typeof value === 'bigint' ? value.toLocaleString('en-US').replaceAll(',', '\u2009') : formatCount(value);
  if (value < 0) return `-${formatInBase(-value, base, bits)}`;
  const digits = value.toString(16).padStart(Math.ceil(bits / 4), '0');
  // Groups count from the right, where the low digits are.
  const odd = digits.length % 4;
  return `0x${digits.length > 4 ? `${digits.slice(0, odd)}${odd > 0 ? ' ' : ''}${groupHex(digits.slice(odd))}` : digits}`;
}

/** A count; a dash where there is none. */
export const formatCounted = (value: number | null, base: NumberBase): string =>
  value === null || Number.isNaN(value) ? missing : formatInBase(Math.round(value), countBase(base));

/** The chosen base. */
export const useNumberBase = (): NumberBase => useLayout((state) => state.numberBase);
