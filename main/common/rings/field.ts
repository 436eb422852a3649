// Cutting a descriptor's 128 bits into its fields.
import type { DescriptorField } from '#common/rings/ring-backend.ts';

/** A field before it is read: the datasheet's name, lowest bit, width, and what a value means. */
export interface FieldDescription {
  readonly name: string;
  readonly bit: number;
  readonly width: number;
  readonly section: string;
  readonly meaning?: (value: bigint) => string;
}

/** Reads fields out of a descriptor. */
export function readFields(bits: bigint, fields: readonly FieldDescription[]): DescriptorField[] {
  return fields.map(({ name, bit, width, section, meaning }) => {
    const value = (bits >> BigInt(bit)) & ((1n << BigInt(width)) - 1n);
    return { name, bit, width, section, value, meaning: meaning?.(value) ?? '' };
  });
}

/** A one-bit field that means something when it is set. */
export function flag(name: string, bit: number, section: string, whenSet: string): FieldDescription {
  return { name, bit, width: 1, section, meaning: (value) => (value === 1n ? whenSet : '') };
}

/** A count of bytes. */
export const bytes = (value: bigint): string => `${value} bytes`;

/** The name of a coded value, or its number where the datasheet has none. */
export function named(names: Readonly<Record<number, string>>): (value: bigint) => string {
  return (value) => names[Number(value)] ?? `reserved (${value})`;
}
