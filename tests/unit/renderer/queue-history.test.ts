// Curves of rings and queues, and what is counted for a queue wherever it is counted.
import { expect, test } from 'vitest';
import type { RingSnapshot } from '#common/layouts/snapshot.ts';
import { readRingSnapshot } from '#common/layouts/snapshot.ts';
import { FrameLoop } from '../../../renderer/state/frame-loop.ts';
import { queueCount } from '../../../renderer/state/queue-counts.ts';
import { QueueHistory } from '../../../renderer/state/queue-history.ts';
import { rateOfSeries, Series, valueAtSeconds } from '../../../renderer/state/series.ts';
import { applyEvent, createSessionStore } from '../../../renderer/state/session-store.ts';
import { observation } from '../../support/observation.ts';
import { deviceAddress, ringPayload } from '../../support/wire-payloads.ts';

const series = (points: readonly (readonly [number, number])[], capacity = 4): Series => {
  const made = new Series(capacity);
  for (const [seconds, value] of points) made.push(seconds, value);
  return made;
};
const newestFirst = (curve: Series) => Array.from({ length: curve.length }, (_, age) => curve.valueAt(age));

test('a series keeps its newest points', () => {
  const kept = series([1, 2, 3, 4, 5, 6].map((at) => [at, at * 10] as const));
  expect(newestFirst(kept)).toEqual([60, 50, 40, 30]);
  expect(kept.valueAt(4)).toBeNaN();
});

test('a point that is told a second time is taken once', () => {
  expect(
    newestFirst(
      series([
        [1, 10],
        [1, 10],
        [2, 20],
        [1, 10],
      ]),
    ),
  ).toEqual([20, 10]);
});

test('a counter’s rate is its change a second, and none when it was reset', () => {
  expect(rateOfSeries(series([[0, 0]]))).toBeNull();
  expect(
    rateOfSeries(
      series([
        [0, 0],
        [0.5, 50],
        [1, 200],
      ]),
    ),
  ).toBe(200);
  expect(
    rateOfSeries(
      series([
        [0, 100],
        [1, 5],
      ]),
    ),
  ).toBeNull();
});

test('a curve has at an instant the value of the newest point before it', () => {
  const curve = series([
    [1, 10],
    [2, 20],
    [4, 40],
  ]);
  expect([0.5, 1, 1.9, 2, 3.9, 9].map((seconds) => valueAtSeconds(curve, seconds))).toEqual([Number.NaN, 10, 10, 20, 20, 40]);
});

const loop = () => new FrameLoop({ requestFrame: (run) => run(), afterPaint: (run) => run() });
const snapshot = (change: Partial<RingSnapshot>): RingSnapshot => {
  const read = readRingSnapshot(ringPayload('rx', 0, 1));
  if (!read.ok) throw new Error(read.error);
  return { ...read.value, ...change };
};
const at = (nextToUse: number) => ({ head: 0, tail: 0, nextToUse, nextToClean: 0 });

test('a ring’s fill level is kept over time, and begins anew when the ring is set up anew', () => {
  const history = new QueueHistory(loop(), createSessionStore());
  history.addRing(snapshot({ timeAfterNs: 1_000_000_000n, after: at(3) }));
  history.addRing(snapshot({ timeAfterNs: 1_100_000_000n, after: at(1) }));
  const fill = history.fill(deviceAddress, 'rx', 0);
  expect(fill && newestFirst(fill)).toEqual([1, 3]);
  expect(fill?.secondsAt(0)).toBeCloseTo(1.1);
  history.addRing(snapshot({ timeAfterNs: 1_200_000_000n, after: at(2), generation: 9n }));
  expect(history.fill(deviceAddress, 'rx', 0)?.length).toBe(1);
});

test('rates are those of the instant at which the screen stands', () => {
  const session = createSessionStore();
  const history = new QueueHistory(loop(), session);
  for (const [timeNs, frames] of [
    ['1000000000', 10],
    ['2000000000', 30],
    ['3000000000', 130],
  ] as const)
    applyEvent(session, counted(timeNs, frames));
  history.standAt(2.5);
  expect(history.rates(deviceAddress, 'rx', 1).frames).toBe(20);
  history.standAt(null);
  expect(history.rates(deviceAddress, 'rx', 1).frames).toBe(100);
});

const counted = (timeNs: string, frames: number) =>
  observation({
    timeNs,
    queueStatistics: { items: [{ kind: 'rx', id: 1, values: { 'rx-packets': frames, 'rx-bytes': frames * 100 } }], reason: null },
  });

test('observations of a device become each queue’s rate', () => {
  const session = createSessionStore();
  const history = new QueueHistory(loop(), session);
  for (const [timeNs, frames] of [
    ['1000000000', 10],
    ['2000000000', 30],
    ['4000000000', 30],
  ] as const)
    applyEvent(session, counted(timeNs, frames));
  const curve = history.framesPerSecond(deviceAddress, 'rx', 1);
  expect(curve && newestFirst(curve)).toEqual([0, 20]);
  expect(history.rates(deviceAddress, 'rx', 1)).toEqual({ frames: 0, bytes: 0 });
  expect(history.framesPerSecond(deviceAddress, 'tx', 1)).toBeNull();
});

test.each(['rx_queue_1_packets', 'rx-1.packets', 'rx1_packets', 'rx1_pkts'])(
  'a driver that counts a queue’s frames as %s has its rate',
  (name) => {
    const session = createSessionStore();
    const history = new QueueHistory(loop(), session);
    const own = (timeNs: string, value: number) => observation({ timeNs, ethtoolStatistics: { items: [{ name, value }], reason: null } });
    applyEvent(session, own('1000000000', 10));
    applyEvent(session, own('2000000000', 40));
    expect(history.rates(deviceAddress, 'rx', 1).frames).toBe(30);
  },
);

test('another agent’s counts are no step from those of the one before', () => {
  const session = createSessionStore();
  const history = new QueueHistory(loop(), session);
  applyEvent(session, counted('1000000000', 10));
  session.setState({ hello: null });
  session.setState({ hello: {} as never, observations: {} });
  applyEvent(session, counted('2000000000', 30));
  expect(history.rates(deviceAddress, 'rx', 1).frames).toBeNull();
});

test('vectors have rates once they were seen twice', () => {
  const history = new QueueHistory(loop(), createSessionStore());
  const vectors = (timeAfterNs: bigint, polls: bigint) => ({
    device: deviceAddress,
    timeBeforeNs: timeAfterNs,
    timeAfterNs,
    vectors: [
      { irq: 27, vector: 0, roles: ['rx', 'tx'] as const, queue: 0, handled: polls / 2n, spurious: 0n, polls, lastNs: 0n, exhausted: null },
    ],
  });
  history.addVectors(vectors(1_000_000_000n, 100n));
  expect(history.vectorRates(deviceAddress, 27).pollsPerSecond).toBeNull();
  history.addVectors(vectors(2_000_000_000n, 400n));
  expect(history.vectorRates(deviceAddress, 27)).toEqual({ pollsPerSecond: 300, interruptsPerSecond: 150 });
});

test('a queue’s count is the kernel’s, else the driver’s own, else missing with a reason', () => {
  const own = observation({ ethtoolStatistics: { items: [{ name: 'rx_queue_3_drops', value: 7 }], reason: null } });
  expect(queueCount(own, 'rx', 3, 'drops')).toEqual({ value: 7, reason: null });
  expect(queueCount(own, 'rx', 4, 'drops')).toEqual({ value: null, reason: 'igb offers no queue statistics; nor do the driver’s own.' });
  const kernel = observation({
    queueStatistics: { items: [{ kind: 'rx', id: 3, values: { 'rx-hw-drops': 5, 'rx-hw-drop-overruns': 5 } }], reason: null },
  });
  expect(queueCount(kernel, 'rx', 3, 'drops')).toEqual({ value: 5, reason: null });
  expect(queueCount(kernel, 'tx', 3, 'allocationFailures').reason).toBe('A transmit queue has no failed allocations.');
  expect(queueCount(null, 'rx', 0, 'frames').value).toBeNull();
});
