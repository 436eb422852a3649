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

/** The ownership rule and decoder of rigb. */
export const rigbRings: RingBackend = {
  state(ring: RingSnapshot, index: number): DescriptorState {
    if (!isPosted(ring, index)) return 'free';
    const bits = descriptorBits(ring, index);
    if (ring.kind === 'rx') {
      if (!isWrittenBack(bits)) return 'hardware';
      return bit(bits, receiveError) ? 'error' : 'done';
    }
    const isBehindHead = !isWithin(index, ring.after.head, ring.after.nextToUse, ring.descriptorCount);
    return isBehindHead || (number(bits, transmitType, 4) !== contextType && bit(bits, transmitDone)) ? 'done' : 'hardware';
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
