import { expect, test } from 'vitest';
import type { RingSnapshot } from '../../../main/common/layouts/snapshot.ts';
import { FrameLoop } from '../../../renderer/state/frame-loop.ts';
import { follow, heldStill, RingTracker, ringKey } from '../../../renderer/state/ring-tracker.ts';

const positions = { head: 0, tail: 0, nextToUse: 0, nextToClean: 0 };
const ring = (bytes: Record<number, number>, generation = 1n): RingSnapshot => {
  const descriptors = new Uint8Array(8 * 16);
  for (const [at, value] of Object.entries(bytes)) descriptors[Number(at)] = value;
  return {
    device: '0000:01:00.0',
    timeBeforeNs: 0n,
    timeAfterNs: 0n,
    kind: 'rx',
    index: 0,
    isRunning: true,
    isFromCard: true,
    descriptorCount: 8,
    descriptorBytes: 16,
    dmaAddress: 0n,
    before: positions,
    after: positions,
    generation,
    descriptors,
  };
};

test('the first snapshot marks nothing', () => {
  expect([...follow(undefined, ring({ 3: 1 })).changedIn]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
});

test('only descriptors whose bytes differ are marked, with the snapshot in which they changed', () => {
  const first = follow(undefined, ring({}));
  const second = follow(first, ring({ 16: 9, 47: 1 }));
  expect([...second.changedIn]).toEqual([0, 2, 2, 0, 0, 0, 0, 0]);
  const third = follow(second, ring({ 16: 9, 47: 2 }));
  expect([...third.changedIn]).toEqual([0, 2, 3, 0, 0, 0, 0, 0]);
});

test('a ring that was set up anew begins with nothing marked', () => {
  const first = follow(undefined, ring({}));
  const anew = follow(first, ring({ 0: 1 }, 2n));
  expect(anew.number).toBe(1);
  expect([...anew.changedIn].some((changed) => changed > 0)).toBe(false);
});

test('which bytes of a descriptor changed is known, and when', () => {
  const second = follow(follow(undefined, ring({})), { ...ring({ 16: 9, 21: 1, 31: 255 }), timeAfterNs: 2_500_000_000n });
  expect(second.changedBytes[1]?.toString(2)).toBe('1000000000100001');
  expect([...second.changedSeconds]).toEqual([0, 2.5, 0, 0, 0, 0, 0, 0]);
});

test('descriptors that lie anywhere in their frame are compared alike', () => {
  const odd = (snapshot: RingSnapshot): RingSnapshot => {
    const frame = new Uint8Array(snapshot.descriptors.length + 3);
    frame.set(snapshot.descriptors, 3);
    return { ...snapshot, descriptors: frame.subarray(3) };
  };
  expect([...follow(follow(undefined, odd(ring({}))), odd(ring({ 127: 1 }))).changedIn]).toEqual([0, 0, 0, 0, 0, 0, 0, 2]);
});

test('a ring that is held still is not changed by the next snapshot', () => {
  const first = follow(undefined, ring({}));
  const held = heldStill(first);
  follow(first, ring({ 0: 1 }));
  expect([...held.changedIn]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
});

test('while the screen stands a ring stays as it was, marks included, and each stop holds its own', () => {
  const loop = new FrameLoop({ requestFrame: (run) => run(), afterPaint: (run) => run() });
  const tracker = new RingTracker(loop);
  const shown = () => [...(tracker.get(ringKey('0000:01:00.0', 'rx', 0))?.changedIn ?? [])].slice(0, 2);
  tracker.add(ring({}));
  loop.standStill(true);
  tracker.add(ring({ 0: 1 }));
  expect(shown()).toEqual([0, 0]);
  loop.standStill(false);
  expect(shown()).toEqual([2, 0]);
  loop.standStill(true);
  expect(shown()).toEqual([2, 0]);
  tracker.add(ring({ 0: 1, 16: 1 }));
  expect(shown()).toEqual([2, 0]);
});
