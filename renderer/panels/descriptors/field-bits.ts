// Which hex digits of a descriptor's raw bytes belong to which field, and the other way round.
import type { DescriptorField } from '#common/rings/ring-backend.ts';

/** Where bits lie: lowest bit, counted from bit 0 of byte 0, and their number. */
export type BitRange = Pick<DescriptorField, 'bit' | 'width'>;

/** The lowest bit of a hex digit. Bytes stand in memory order, of each byte the high digit first. */
export const lowestBitOfDigit = (digit: number): number => (digit >> 1) * 8 + (digit % 2 === 0 ? 4 : 0);

/** Which of a hex digit's four bits belong to a field, bit 3 the digit's highest; 0 is none. */
export function bitsInDigit({ bit, width }: BitRange, digit: number): number {
  const lowest = lowestBitOfDigit(digit);
  let bits = 0;
  for (let at = 0; at < 4; at += 1) if (lowest + at >= bit && lowest + at < bit + width) bits |= 1 << at;
  return bits;
}

/** The fields that a hex digit belongs to, by their names. */
export function fieldsOfDigit(fields: readonly DescriptorField[], digit: number): readonly string[] {
  return fields.filter((field) => bitsInDigit(field, digit) !== 0).map(({ name }) => name);
}

/** Bits as the datasheet writes them: `bits 111:96`, and where that is in memory. */
export function placeOfField({ bit, width }: BitRange): string {
  const bits = width === 1 ? `bit ${bit}` : `bits ${bit + width - 1}:${bit}`;
  const first = bit >> 3;
  const last = (bit + width - 1) >> 3;
  return `${bits}, byte${first === last ? ` ${first}` : `s ${first} to ${last}`}`;
}
