// The life of a descriptor from the events that rigb writes: each instant is found, and what is lost is not made up.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lifeTimes } from '#common/trace/latencies.ts';
import { ringReport } from '#common/trace/ring-report.ts';
import { followRing, noticeOf, type SlotLife, slotLives } from '#common/trace/slot-life.ts';
import { viewOfPoints } from '#common/trace/trace-view.ts';
import { TracedRings } from './traced-ring.ts';

const tx = { kind: 'tx', queue: 0 } as const;
const rx = { kind: 'rx', queue: 0 } as const;

test('a sent frame is posted, announced and done, each at its time', () => {
  const rings = new TracedRings();
  rings.send(1, { bytes: 1242, isAnnounced: false });
  rings.wait(500);
  rings.ring();
  rings.wait(4000);
  rings.interrupt();
  rings.poll({ cleaned: 1 });
  expect(slotLives(rings.view, tx, 0, 3)).toEqual([
    {
      slot: 0,
      postedNs: 1000,
      doorbellNs: 1500,
      doneNs: 5510,
      refilledNs: null,
      lengthBytes: 1242,
      frames: 1,
      flags: 1,
      dmaAddress: 0x1000,
      postedOnCpu: 0,
      doneOnCpu: 0,
    },
  ]);
});

test('every descriptor of a frame is done with its last one, around the end of the ring too', () => {
  const rings = new TracedRings(4);
  rings.send(2);
  rings.poll({ cleaned: 1 });
  rings.wait(100);
  rings.send(3);
  rings.wait(100);
  rings.poll({ cleaned: 1 });
  const newest = [2, 3, 0].map((slot) => slotLives(rings.view, tx, slot, 1)[0]?.doneNs);
  expect(newest).toEqual([1230, 1230, 1230]);
});

test('frames that share a doorbell are all announced by it', () => {
  const rings = new TracedRings();
  rings.send(1, { isAnnounced: false });
  rings.wait(50);
  rings.send();
  expect([0, 1].map((slot) => slotLives(rings.view, tx, slot, 1)[0]?.doorbellNs)).toEqual([1050, 1050]);
});

test('what was not cleaned yet has no end, and is the newest life of its slot', () => {
  const rings = new TracedRings(4);
  for (let lap = 0; lap < 4; lap += 1) {
    rings.send();
    rings.wait(10);
    rings.poll({ cleaned: 1 });
  }
  rings.send();
  const lives = slotLives(rings.view, tx, 0, 5);
  expect(lives.map(({ doneNs }) => doneNs === null)).toEqual([true, false]);
});

test('a received slot is done, and given back by the refill behind its next buffer', () => {
  const rings = new TracedRings(4);
  rings.fill();
  rings.wait(1000);
  rings.poll({ received: 1 });
  rings.wait(1000);
  rings.poll({ received: 3 });
  const [last, first] = slotLives(rings.view, rx, 0, 2);
  expect(first).toMatchObject({ postedNs: 1000, doorbellNs: null, doneNs: 2000, refilledNs: 3030, lengthBytes: 64 });
  expect(last).toMatchObject({ postedNs: 3030, doorbellNs: 3030, doneNs: null, lengthBytes: 2048 });
});

test('a refill that found no memory announces nothing', () => {
  const rings = new TracedRings(4);
  const points = [
    { event: 'rx_post' as const, timeNs: 1, words: [0, 2048, 0] as const },
    { event: 'rx_refill' as const, timeNs: 2, flags: 1, words: [0, 0, 0] as const },
    { event: 'rx_refill' as const, timeNs: 3, words: [1, 0, 1] as const },
  ];
  rings.points.push(...points);
  expect(slotLives(rings.view, rx, 0, 1)[0]?.doorbellNs).toBe(3);
});

test('events of another queue and of the other direction do not meddle', () => {
  const [own, other] = [new TracedRings(8, 0), new TracedRings(8, 1)];
  for (const rings of [other, own]) {
    rings.fill();
    rings.send();
    rings.poll({ received: 2, cleaned: 1 });
  }
  const all = viewOfPoints([...own.points, ...other.points].sort((a, b) => a.timeNs - b.timeNs));
  for (const ring of [tx, rx]) expect(slotLives(all, ring, 0, 9)).toEqual(slotLives(own.view, ring, 0, 9));
});

test('the interrupt and the poll of an end are those around it', () => {
  const rings = new TracedRings();
  rings.send();
  rings.interrupt();
  rings.wait(100);
  rings.poll({ cleaned: 1 });
  rings.interrupt();
  rings.poll();
  const doneNs = slotLives(rings.view, tx, 0, 1)[0]?.doneNs ?? 0;
  expect(noticeOf(rings.view, { queue: 0, vector: 0, doneNs })).toEqual({
    irqNs: 1000,
    pollNs: 1120,
    received: 0,
    cleaned: 1,
    isExhausted: false,
  });
});

test('a report finds in one walk what its parts find each by itself', () => {
  const rings = new TracedRings(4);
  for (let lap = 0; lap < 9; lap += 1) {
    rings.send();
    rings.interrupt();
    rings.wait(10 * lap);
    rings.poll({ cleaned: 1 });
  }
  const report = ringReport(rings.view, tx, { slot: 1, vector: 0, count: 2 });
  expect(report.lives.map(({ life }) => life)).toEqual(slotLives(rings.view, tx, 1, 2));
  expect(report.lifeTimes).toEqual(lifeTimes(rings.view, tx));
  expect(report.lives[0]?.notice).toEqual(noticeOf(rings.view, { queue: 0, vector: 0, doneNs: report.lives[0]?.life.doneNs ?? 0 }));
});

/** What a driver may do, by chance. */
const step = fc.oneof(
  fc.record({ do: fc.constant('send' as const), descriptors: fc.integer({ min: 1, max: 3 }), isAnnounced: fc.boolean() }),
  fc.record({ do: fc.constant('poll' as const), received: fc.integer({ min: 0, max: 3 }), cleaned: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ do: fc.constant('wait' as const), ns: fc.integer({ min: 1, max: 10_000 }) }),
);

function happening(steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[]): TracedRings {
  const rings = new TracedRings(8);
  rings.fill();
  for (const one of steps) {
    if (one.do === 'wait') rings.wait(one.ns);
    else if (one.do === 'poll') rings.poll(one);
    else if (rings.txFree >= one.descriptors) rings.send(one.descriptors, one);
  }
  return rings;
}

function allLives(rings: TracedRings, kind: 'rx' | 'tx', points = rings.points): SlotLife[] {
  const lives: SlotLife[] = [];
  followRing(viewOfPoints(points), { kind, queue: 0 }, (life) => lives.push(life));
  return lives;
}

test('every post is one life, whose instants are in order, whatever the driver does', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const rings = happening(steps);
      for (const kind of ['rx', 'tx'] as const) {
        const lives = allLives(rings, kind);
        expect(lives).toHaveLength(rings.points.filter(({ event }) => event === `${kind}_post`).length);
        for (const { postedNs, doorbellNs, doneNs, refilledNs } of lives) {
          const instants = [postedNs, doorbellNs, doneNs, refilledNs].filter((ns) => ns !== null);
          expect(instants).toEqual([...instants].sort((a, b) => a - b));
        }
      }
    }),
  );
});

test('each frame that was cleaned ended the lives of exactly its descriptors', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const rings = happening(steps);
      const done = allLives(rings, 'tx').filter(({ doneNs }) => doneNs !== null);
      const bytes = rings.points.filter(({ event }) => event === 'tx_done').reduce((sum, { words }) => sum + (words?.[1] ?? 0), 0);
      expect(done.reduce((sum, { lengthBytes }) => sum + lengthBytes, 0)).toBe(bytes);
    }),
  );
});

test('with any events lost, lives that are told still never end before they begin, and no slot lives twice at a time', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }), (steps, isKept) => {
      const rings = happening(steps);
      const points = rings.points.filter((_, at) => isKept[at % isKept.length]);
      for (const kind of ['rx', 'tx'] as const) {
        const lives = allLives(rings, kind, points);
        for (let slot = 0; slot < rings.slots; slot += 1) {
          const sorted = lives.filter((life) => life.slot === slot).sort((a, b) => a.postedNs - b.postedNs);
          for (const [at, life] of sorted.entries()) {
            expect(life.doneNs ?? life.postedNs).toBeGreaterThanOrEqual(life.postedNs);
            expect(sorted[at + 1]?.postedNs ?? Infinity).toBeGreaterThanOrEqual(life.doneNs ?? 0);
          }
        }
      }
    }),
  );
});
