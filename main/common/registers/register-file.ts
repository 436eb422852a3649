// All registers of a card by offset: arrays laid out into their elements, and a value taken apart into fields.
import type { FieldDescription, RegisterDescription, RegisterGroup } from './register-description.ts';

/** One register in its place. */
export interface PlacedRegister {
  /** `CTRL`, or `EITR[3]`. */
  readonly name: string;
  readonly offset: number;
  /** Its number in an array, else null. */
  readonly index: number | null;
  readonly description: RegisterDescription;
  readonly group: string;
}

/** A field's part of a value. */
export interface FieldValue extends FieldDescription {
  readonly value: number;
  /** What this value means, or null where no description names it. */
  readonly word: string | null;
}

/** The elements of a description, in the order of their numbers. */
export function placesOf(description: RegisterDescription, group: string): readonly PlacedRegister[] {
  const { name, offset, array } = description;
  if (!array) return [{ name, offset, index: null, description, group }];
  return Array.from({ length: array.count }, (_, number) => {
    const index = array.first + number;
    return { name: `${name}[${index}]`, offset: offset + number * array.stride, index, description, group };
  });
}

/** `EITR[0…24]`, or the name alone. */
export function nameOf({ name, array }: RegisterDescription): string {
  return array ? `${name}[${array.first}…${array.first + array.count - 1}]` : name;
}

/** A card's registers. */
export class RegisterFile {
  readonly groups: readonly RegisterGroup[];
  readonly #byOffset = new Map<number, PlacedRegister>();
  readonly #places = new Map<RegisterDescription, readonly PlacedRegister[]>();

  constructor(groups: readonly RegisterGroup[]) {
    this.groups = groups;
    for (const { group, registers } of groups) {
      for (const description of registers) {
        const places = placesOf(description, group);
        this.#places.set(description, places);
        for (const place of places) this.#byOffset.set(place.offset, place);
      }
    }
  }

  /** The register at an offset in BAR 0. */
  at(offset: number): PlacedRegister | undefined {
    return this.#byOffset.get(offset);
  }

  /** The elements of one of its descriptions. */
  places(description: RegisterDescription): readonly PlacedRegister[] {
    return this.#places.get(description) ?? [];
  }
}

/** Bits `bit + width - 1` to `bit` as a mask, unsigned. */
export const maskOf = ({ bit, width }: Pick<FieldDescription, 'bit' | 'width'>): number =>
  (width >= 32 ? 0xffff_ffff : ((1 << width) - 1) << bit) >>> 0;

/** The fields of a value, highest bits first, as datasheets and debuggers print them. */
export function fieldsOf({ fields }: RegisterDescription, value: number): readonly FieldValue[] {
  return [...fields]
    .sort((a, b) => b.bit - a.bit)
    .map((field) => {
      const part = ((value & maskOf(field)) >>> field.bit) >>> 0;
      return { ...field, value: part, word: field.values?.[part] ?? null };
    });
}

/** The value with one field changed; bits of `part` beyond the field's width are left out. */
export function withField(value: number, field: Pick<FieldDescription, 'bit' | 'width'>, part: number): number {
  const mask = maskOf(field);
  return ((value & ~mask) | ((part << field.bit) & mask)) >>> 0;
}

/** `31:0`, or `26` for a single bit. */
export const bitsOf = ({ bit, width }: Pick<FieldDescription, 'bit' | 'width'>): string =>
  width === 1 ? `${bit}` : `${bit + width - 1}:${bit}`;

/** 32 bits as `0x0000 0000`. */
export const hexWord = (value: number): string => {
  const digits = (value >>> 0).toString(16).padStart(8, '0');
  return `0x${digits.slice(0, 4)} ${digits.slice(4)}`;
};

/** An offset in BAR 0, five digits as the datasheet has them. */
export const hexOffset = (offset: number): string => `0x${offset.toString(16).padStart(5, '0')}`;
