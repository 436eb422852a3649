// rigb's rings: advanced descriptors of the 82576 (datasheet sections 7.1.5 and 7.2.2).
import type { RingSnapshot } from '#common/layouts/snapshot.ts';
import { decodeReceiveRead, decodeReceiveWriteBack } from '#common/rings/receive-descriptor.ts';
import { type DecodedDescriptor, type DescriptorState, descriptorBits, isWithin, type RingBackend } from '#common/rings/ring-backend.ts';
import { decodeTransmitContext, decodeTransmitData } from '#common/rings/transmit-descriptor.ts';

const bit = (bits: bigint, at: number): boolean => ((bits >> BigInt(at)) & 1n) === 1n;
const number = (bits: bigint, at: number, width: number): number => Number((bits >> BigInt(at)) & ((1n << BigInt(width)) - 1n));

// Bit positions within the 16 bytes: the status word is the third of four.
const receiveDone = 64;
const receiveError = 95;
const receiveLength = 96;
const transmitDone = 96;
const transmitType = 84;
const contextType = 2;

function isPosted(ring: RingSnapshot, index: number): boolean {
  return isWithin(index, ring.after.nextToClean, ring.after.nextToUse, ring.descriptorCount);
}

/** Done and with a length: rigb posts descriptors with a header address of zero, so both are zero until the card writes back. */
function isWrittenBack(bits: bigint): boolean {
  return bit(bits, receiveDone) && number(bits, receiveLength, 16) !== 0;
}

const byteAt = (ring: RingSnapshot, index: number, byte: number): number => ring.descriptors[index * ring.descriptorBytes + byte] ?? 0;
const hasBit = (ring: RingSnapshot, index: number, at: number): boolean => ((byteAt(ring, index, at >> 3) >> (at & 7)) & 1) === 1;
const transmitTypeOf = (ring: RingSnapshot, index: number): number => (byteAt(ring, index, transmitType >> 3) >> (transmitType & 7)) & 15;

function hasAny(ring: RingSnapshot, index: number, at: number, bytes: number): boolean {
  for (let byte = 0; byte < bytes; byte += 1) if (byteAt(ring, index, (at >> 3) + byte) !== 0) return true;
  return false;
}

/** The ownership rule and decoder of rigb. */
export const rigbRings: RingBackend = {
  // A canvas asks for thousands of these with every snapshot, so it looks at bytes: 128-bit numbers would take a frame's time.
  state(ring: RingSnapshot, index: number): DescriptorState {
    if (!isPosted(ring, index)) return 'free';
    if (ring.kind === 'rx') {
      if (!hasBit(ring, index, receiveDone) || !hasAny(ring, index, receiveLength, 2)) return 'hardware';
      return hasBit(ring, index, receiveError) ? 'error' : 'done';
    }
    const isBehindHead = !isWithin(index, ring.after.head, ring.after.nextToUse, ring.descriptorCount);
    return isBehindHead || (transmitTypeOf(ring, index) !== contextType && hasBit(ring, index, transmitDone)) ? 'done' : 'hardware';
  },

  decode(ring: RingSnapshot, index: number): DecodedDescriptor {
    const bits = descriptorBits(ring, index);
    if (ring.kind === 'rx') {
      const isRead = isPosted(ring, index) ? !isWrittenBack(bits) : !bit(bits, receiveDone);
      return isRead ? decodeReceiveRead(bits) : decodeReceiveWriteBack(bits);
    }
    return number(bits, transmitType, 4) === contextType ? decodeTransmitContext(bits) : decodeTransmitData(bits);
  },
};
