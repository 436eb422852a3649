import { expect, test } from 'vitest';
import type { RingSnapshot } from '../../../main/common/layouts/snapshot.ts';
import { follow } from '../../../renderer/state/ring-tracker.ts';

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
