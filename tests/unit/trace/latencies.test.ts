// How durations are spread, and what is measured of queues, vectors and polls.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketOf, spreadOf } from '#common/trace/durations.ts';
import { interruptToPoll, lifeTimes, pollsOf } from '#common/trace/latencies.ts';
import { TracedRings } from './traced-ring.ts';

test('quantiles are values that were measured, by the nearest rank', () => {
  const spread = spreadOf(Array.from({ length: 200 }, (_, index) => index + 1));
  expect([spread.p50Ns, spread.p99Ns, spread.maxNs]).toEqual([100, 198, 200]);
  expect(spreadOf([7])).toMatchObject({ p50Ns: 7, p99Ns: 7, maxNs: 7 });
  expect(spreadOf([])).toEqual({ count: 0, p50Ns: null, p99Ns: null, maxNs: null, buckets: [] });
});

test('buckets count every duration once, where its power of two is', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2 ** 40 })), (durations) => {
      const { buckets, count } = spreadOf(durations);
      expect(buckets.reduce((sum, one) => sum + one, 0)).toBe(count);
      for (const [bucket, counted] of buckets.entries()) {
        const low = bucket === 0 ? 0 : 2 ** bucket;
        expect(durations.filter((ns) => ns >= low && ns < 2 ** (bucket + 1))).toHaveLength(counted);
      }
    }),
  );
});

test('the borders of a bucket are exact', () => {
  for (let power = 1; power < 50; power += 1) expect([bucketOf(2 ** power - 1), bucketOf(2 ** power)]).toEqual([power - 1, power]);
});

test('a transmit queue is measured from post to done, a receive queue from done to refill', () => {
  const rings = new TracedRings(8);
  rings.fill();
  for (const ns of [100, 200, 300]) {
    rings.send();
    rings.wait(ns);
    rings.poll({ received: 3, cleaned: 1 });
  }
  expect(lifeTimes(rings.view, { kind: 'tx', queue: 0 })).toMatchObject({ count: 3, p50Ns: 210, maxNs: 310 });
  // A ring of eight has one slot that stays empty, so that of nine received all but the last have been posted anew.
  expect(lifeTimes(rings.view, { kind: 'rx', queue: 0 })).toMatchObject({ count: 8 });
});

test('an interrupt is measured until its poll shows its first descriptor', () => {
  const rings = new TracedRings(8);
  rings.fill();
  rings.interrupt();
  rings.wait(40);
  rings.poll({ received: 1 });
  rings.interrupt();
  rings.wait(5);
  rings.interrupt();
  rings.wait(75);
  rings.poll();
  rings.poll({ received: 1 });
  expect(interruptToPoll(rings.view, { vector: 0, queue: 0 })).toMatchObject({ count: 2, p50Ns: 40, maxNs: 100 });
  expect(interruptToPoll(rings.view, { vector: 1, queue: 1 }).count).toBe(0);
});

test('each poll says what it found and whether its budget was used up', () => {
  const rings = new TracedRings(128);
  rings.fill();
  rings.poll({ received: 64 });
  rings.poll({ received: 3 });
  rings.poll({ budget: 0 });
  expect(pollsOf(rings.view, 0, 9).map(({ received, budget, isExhausted }) => [received, budget, isExhausted])).toEqual([
    [0, 0, false],
    [3, 64, false],
    [64, 64, true],
  ]);
  expect(pollsOf(rings.view, 0, 1)).toHaveLength(1);
});
