// The newest snapshot of each ring, and when each of its descriptors last changed.
import type { RingSnapshot } from '#common/layouts/snapshot.ts';
import { Newest } from './newest.ts';
import { secondsOf } from './time-store.ts';

/** Names a ring within the window. */
export const ringKey = (device: string, kind: 'rx' | 'tx', index: number): string => `${device} ${kind}${index}`;

/** What is known of one ring. The arrays are the tracker's: the next snapshot changes them, so whoever holds a ring still takes `heldStill`. */
export interface TrackedRing {
  readonly snapshot: RingSnapshot;
  /** For each descriptor the number of the snapshot in which its bytes last changed; 0 is never. */
  readonly changedIn: Uint32Array;
  /** For each descriptor which of its bytes differed then: bit n is byte n. */
  readonly changedBytes: Uint32Array;
  /** For each descriptor when that was, in seconds since boot; 0 is never. */
  readonly changedSeconds: Float64Array;
  /** How many snapshots of this ring's set-up were seen. */
  readonly number: number;
}

function sameSetUp(a: RingSnapshot, b: RingSnapshot): boolean {
  return a.generation === b.generation && a.descriptorCount === b.descriptorCount && a.descriptorBytes === b.descriptorBytes;
}

/** The descriptors as words, copied where they do not lie at a multiple of four: comparing words is four times as fast, and rings are large. */
function wordsOf({ descriptors }: RingSnapshot): Uint32Array {
  const whole = descriptors.byteLength >> 2;
  if (descriptors.byteOffset % 4 === 0) return new Uint32Array(descriptors.buffer, descriptors.byteOffset, whole);
  return new Uint32Array(descriptors.slice(0, whole * 4).buffer);
}

/** Which bytes of two words differ, one bit a byte. */
function differingBytes(a: number, b: number): number {
  const difference = a ^ b;
  return (
    ((difference & 0xff) === 0 ? 0 : 1) |
    ((difference & 0xff00) === 0 ? 0 : 2) |
    ((difference & 0xff0000) === 0 ? 0 : 4) |
    (difference >>> 24 === 0 ? 0 : 8)
  );
}

/** Marks the descriptors whose bytes differ; a ring that was set up anew begins with nothing marked. */
export function follow(previous: TrackedRing | undefined, snapshot: RingSnapshot): TrackedRing {
  const count = snapshot.descriptorCount;
  if (!previous || !sameSetUp(previous.snapshot, snapshot)) {
    const changedBytes = new Uint32Array(count);
    return { snapshot, changedIn: new Uint32Array(count), changedBytes, changedSeconds: new Float64Array(count), number: 1 };
  }
  const { changedIn, changedBytes, changedSeconds } = previous;
  const number = previous.number + 1;
  const seconds = secondsOf(snapshot.timeAfterNs);
  const old = wordsOf(previous.snapshot);
  const words = wordsOf(snapshot);
  const size = snapshot.descriptorBytes >> 2;
  for (let index = 0; index < count; index += 1) {
    let mask = 0;
    for (let word = 0, at = index * size; word < size; word += 1, at += 1) {
      if (words[at] !== old[at]) mask |= differingBytes(words[at] ?? 0, old[at] ?? 0) << (4 * word);
    }
    if (mask === 0) continue;
    changedIn[index] = number;
    changedBytes[index] = mask;
    changedSeconds[index] = seconds;
  }
  return { snapshot, changedIn, changedBytes, changedSeconds, number };
}

/** A ring as it is now, which no later snapshot changes. */
export function heldStill(ring: TrackedRing): TrackedRing {
  const { changedIn, changedBytes, changedSeconds } = ring;
  return { ...ring, changedIn: changedIn.slice(), changedBytes: changedBytes.slice(), changedSeconds: changedSeconds.slice() };
}

/** All rings that were seen, by `ringKey`. */
export class RingTracker extends Newest<TrackedRing> {
  /** Takes a snapshot. */
  add(snapshot: RingSnapshot): void {
    const key = ringKey(snapshot.device, snapshot.kind, snapshot.index);
    // What follows writes into the arrays of the ring before.
    this.beforeChange();
    this.replace(key, follow(this.newest(key), snapshot));
  }

  protected override held(ring: TrackedRing): TrackedRing {
    return heldStill(ring);
  }
}
