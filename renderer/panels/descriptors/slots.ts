// Which descriptors of a ring are shown, where a slot stands among them, and what changed in one.
import type { RingSnapshot } from '#common/layouts/snapshot.ts';
import { rigbRings } from '#common/rings/rigb.ts';
import type { DescriptorState } from '#common/rings/ring-backend.ts';
import type { TrackedRing } from '../../state/ring-tracker.ts';

/** What is shown: all, or those of one owner. */
export type StateFilter = 'all' | DescriptorState;

/** A change stays marked for this many snapshots: long enough to be seen, short enough to mean now. */
const markedFor = 3;

/** The slots of that state in ascending order; null is all of them, so that nothing is made of a whole ring. */
export function slotsOf(ring: RingSnapshot, filter: StateFilter): Uint16Array | null {
  if (filter === 'all') return null;
  const found: number[] = [];
  for (let slot = 0; slot < ring.descriptorCount; slot += 1) if (rigbRings.state(ring, slot) === filter) found.push(slot);
  return Uint16Array.from(found);
}

/** The row of a slot, or of the first shown one after it; the last row where there is none. */
export function rowOf(slots: Uint16Array | null, slot: number): number {
  if (!slots) return slot;
  let low = 0;
  let high = slots.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((slots[middle] ?? 0) < slot) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, Math.min(low, slots.length - 1));
}

/** Which bytes of a slot differ from the snapshot before, as far as that is still worth marking: bit n is byte n. */
export function markedBytes({ changedIn, changedBytes, number }: TrackedRing, slot: number): number {
  const changed = changedIn[slot] ?? 0;
  return changed > 0 && number - changed < markedFor ? (changedBytes[slot] ?? 0) : 0;
}

/** Places that one can jump to. */
export const jumps = [
  { name: 'Head', key: 'h', title: 'the next descriptor that the card works on', of: (ring: RingSnapshot) => ring.after.head },
  { name: 'Tail', key: 'l', title: 'the end of what the card was given', of: (ring: RingSnapshot) => ring.after.tail },
  { name: 'Clean', key: 'c', title: 'next_to_clean, which the driver looks at next', of: (ring: RingSnapshot) => ring.after.nextToClean },
] as const;
