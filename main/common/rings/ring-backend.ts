// One model for every ring, whoever drives it (design decision 13). Ownership differs from driver to driver, so rule and decoder belong to the backend
// and never to the panel that shows the ring.
import type { RingPositions, RingSnapshot } from '#common/layouts/snapshot.ts';

/**
 * Who has a descriptor: the card (`hardware`), the card is done and software has not looked (`done`), nobody (`free`), or the card reported a fault in
 * it that software has not looked at (`error`).
 */
export type DescriptorState = 'hardware' | 'done' | 'free' | 'error';

/** One decoded field: where its bits lie in the descriptor's 16 bytes, its value, and what that means. */
export interface DescriptorField {
  /** The datasheet's name. */
  readonly name: string;
  /** Lowest bit, counted from bit 0 of byte 0. */
  readonly bit: number;
  /** Number of bits. */
  readonly width: number;
  readonly value: bigint;
  /** In words, with the unit; empty when the number says it all. */
  readonly meaning: string;
  /** Section of the 82576 datasheet. */
  readonly section: string;
}

/** A descriptor as a person reads it. */
export interface DecodedDescriptor {
  /** The descriptor's format, such as `RX write-back` or `TX context`. */
  readonly format: string;
  readonly fields: readonly DescriptorField[];
}

/** The rule and the decoder of one driver's rings. */
export interface RingBackend {
  state(ring: RingSnapshot, index: number): DescriptorState;
  decode(ring: RingSnapshot, index: number): DecodedDescriptor;
}

/** Whether `index` lies in [from, to) on a ring of `count`, going around. */
export function isWithin(index: number, from: number, to: number, count: number): boolean {
  if (count === 0) return false;
  return (index - from + count) % count < (to - from + count) % count;
}

/** How many descriptors lie in [nextToClean, nextToUse): posted and not yet cleaned. */
export function occupancy({ nextToUse, nextToClean }: RingPositions, count: number): number {
  return count === 0 ? 0 : (nextToUse - nextToClean + count) % count;
}

/** The 16 raw bytes of a descriptor as a little-endian number, bit 0 of byte 0 lowest. */
export function descriptorBits(ring: RingSnapshot, index: number): bigint {
  const at = index * ring.descriptorBytes;
  let bits = 0n;
  for (let byte = ring.descriptorBytes - 1; byte >= 0; byte -= 1) bits = (bits << 8n) | BigInt(ring.descriptors[at + byte] ?? 0);
  return bits;
}

/** The 16 raw bytes of a descriptor in memory order, as hex digits. */
export function descriptorHex(ring: RingSnapshot, index: number): string {
  const at = index * ring.descriptorBytes;
  let text = '';
  for (const byte of ring.descriptors.subarray(at, at + ring.descriptorBytes)) text += byte.toString(16).padStart(2, '0');
  return text;
}
