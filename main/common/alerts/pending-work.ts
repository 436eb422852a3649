// Whether a ring has work that somebody should be doing, and who that is. A ring that is only full of free buffers has none.
import type { RingPositions, RingSnapshot } from '#common/layouts/snapshot.ts';
import { rigbRings } from '#common/rings/rigb.ts';
import type { RingBackend } from '#common/rings/ring-backend.ts';

/**
 * Who has to act: the card has descriptors to send (`card`), the driver has not cleaned what the card is done with (`driver`), or the driver has posted
 * descriptors and not told the card (`doorbell`).
 */
export type Waiting = 'card' | 'driver' | 'doorbell';

/** Work that waits. `at` is the index that has to move on. */
export interface PendingWork {
  readonly waiting: Waiting;
  readonly descriptors: number;
  readonly at: number;
}

const distance = (from: number, to: number, count: number): number => (to - from + count) % count;

/** Positions that lie on the ring; a card that is gone reads as ones. */
export const isOnRing = ({ head, tail }: RingPositions, count: number): boolean => count > 0 && head < count && tail < count;

/** What waits on a ring in one snapshot, or null. Where head and tail are not the card's own, only what the driver has to do is judged. */
export function pendingWork(ring: RingSnapshot, backend: RingBackend = rigbRings): PendingWork | null {
  const { descriptorCount: count, after, isRunning, isFromCard, kind } = ring;
  if (!isRunning || count === 0) return null;
  const { head, tail, nextToUse, nextToClean } = after;
  const isJudged = isFromCard && isOnRing(after, count);
  if (kind === 'tx') {
    if (isJudged && head !== tail) return { waiting: 'card', descriptors: distance(head, tail, count), at: head };
    if (isJudged && nextToUse !== tail) return { waiting: 'doorbell', descriptors: distance(tail, nextToUse, count), at: tail };
    if (isJudged && nextToClean !== nextToUse)
      return { waiting: 'driver', descriptors: distance(nextToClean, nextToUse, count), at: nextToClean };
    return null;
  }
  if (nextToClean !== nextToUse) {
    const state = backend.state(ring, nextToClean);
    if (state === 'done' || state === 'error')
      return { waiting: 'driver', descriptors: isJudged ? distance(nextToClean, head, count) : 1, at: nextToClean };
  }
  if (isJudged && head === tail && nextToUse !== tail)
    return { waiting: 'doorbell', descriptors: distance(tail, nextToUse, count), at: tail };
  return null;
}

/** Whether the card has no descriptor left to receive into. */
export function isOutOfDescriptors({ kind, isRunning, isFromCard, descriptorCount, after }: RingSnapshot): boolean {
  return kind === 'rx' && isRunning && isFromCard && isOnRing(after, descriptorCount) && after.head === after.tail;
}
