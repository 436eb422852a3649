// The newest snapshot of each ring, and when each of its descriptors last changed.
import type { RingSnapshot } from '#common/layouts/snapshot.ts';
import type { FrameLoop } from './frame-loop.ts';
import { Source } from './source.ts';

/** Names a ring within the window. */
export const ringKey = (device: string, kind: 'rx' | 'tx', index: number): string => `${device} ${kind}${index}`;

/** What is known of one ring. */
export interface TrackedRing {
  readonly snapshot: RingSnapshot;
  /** For each descriptor the number of the snapshot in which its bytes last changed; 0 is never. */
  readonly changedIn: Uint32Array;
  /** How many snapshots of this ring's set-up were seen. */
  readonly number: number;
}

function sameSetUp(a: RingSnapshot, b: RingSnapshot): boolean {
  return a.generation === b.generation && a.descriptorCount === b.descriptorCount && a.descriptorBytes === b.descriptorBytes;
}

/** Marks the descriptors whose bytes differ; a ring that was set up anew begins with nothing marked. */
export function follow(previous: TrackedRing | undefined, snapshot: RingSnapshot): TrackedRing {
  if (!previous || !sameSetUp(previous.snapshot, snapshot)) {
    return { snapshot, changedIn: new Uint32Array(snapshot.descriptorCount), number: 1 };
  }
  const { changedIn } = previous;
  const number = previous.number + 1;
  const old = previous.snapshot.descriptors;
  const bytes = snapshot.descriptors;
  const size = snapshot.descriptorBytes;
  for (let index = 0; index < snapshot.descriptorCount; index += 1) {
    for (let at = index * size; at < (index + 1) * size; at += 1) {
      if (bytes[at] === old[at]) continue;
      changedIn[index] = number;
      break;
    }
  }
  return { snapshot, changedIn, number };
}

/** All rings that were seen. */
export class RingTracker extends Source {
  readonly #rings = new Map<string, TrackedRing>();
  #standing: ReadonlyMap<string, TrackedRing> | null = null;

  constructor(loop: FrameLoop) {
    super(loop);
  }

  /** Takes a snapshot. */
  add(snapshot: RingSnapshot): void {
    this.#standing = this.isStill ? (this.#standing ?? new Map(this.#rings)) : null;
    const key = ringKey(snapshot.device, snapshot.kind, snapshot.index);
    this.#rings.set(key, follow(this.#rings.get(key), snapshot));
    this.changed();
  }

  /** The newest of a ring; while the screen stands still, the newest of then. */
  get(key: string): TrackedRing | undefined {
    return (this.isStill && this.#standing ? this.#standing : this.#rings).get(key);
  }

  /** Forgets everything: another driver, or another boot of the target. */
  clear(): void {
    this.#rings.clear();
    this.changed();
  }
}
