// The pure parts of Queues: figures, order, spread, and where a ring's cells lie.
import { expect, test } from 'vitest';
import { allFigures, type FigureSources, type PairFigures } from '../../../renderer/panels/queues/queue-figures.ts';
import { orderPairs, queueColumns } from '../../../renderer/panels/queues/queue-order.ts';
import { heightOf, layOut, placeOf, slotAt } from '../../../renderer/panels/queues/ring-layout.ts';
import { placesByQueue, skewInWords, skewOf } from '../../../renderer/panels/queues/skew.ts';
import { observation } from '../../support/observation.ts';
import { device, deviceAddress } from '../../support/wire-payloads.ts';

const nothing = { frames: null, bytes: null };
const sources = (change: Partial<FigureSources> = {}): FigureSources => ({
  device,
  observation: observation(),
  vectors: undefined,
  vectorRates: () => ({ pollsPerSecond: null, interruptsPerSecond: null }),
  rates: () => nothing,
  fill: () => null,
  ...change,
});
const vector = (irq: number, roles: readonly ('rx' | 'tx' | 'link')[], queue: number | null, spurious: bigint) => ({
  irq,
  vector: 0,
  roles,
  queue,
  handled: 0n,
  spurious,
  polls: 0n,
  lastNs: 0n,
  exhausted: 7n,
});
const vectors = (...all: ReturnType<typeof vector>[]) => ({ device: deviceAddress, timeBeforeNs: 0n, timeAfterNs: 0n, vectors: all });

test('rings of the same number are one pair, receive before transmit', () => {
  const [pair, ...others] = allFigures(sources());
  expect(others).toEqual([]);
  expect(pair?.rings.map(({ kind }) => kind)).toEqual(['rx', 'tx']);
});

test('queues of a driver that shows no rings are those that the kernel knows of', () => {
  const [pair] = allFigures(sources({ device: { ...device, driver: 'igb', rings: [] } }));
  expect(pair?.index).toBe(0);
  expect(pair?.rings[0]?.used.reason).toBe('igb does not show its rings.');
});

test('frames a poll are those of both rings by the polls of the pair’s vectors', () => {
  const [pair] = allFigures(
    sources({
      vectors: vectors(vector(27, ['rx', 'tx'], 0, 3n), vector(26, ['link'], null, 9n)),
      vectorRates: (irq) => ({ pollsPerSecond: irq === 27 ? 50 : 1000, interruptsPerSecond: null }),
      rates: (kind) => ({ frames: kind === 'rx' ? 900 : 100, bytes: null }),
    }),
  );
  expect(pair?.framesPerPoll.value).toBe(20);
  expect(pair?.spurious.value).toBe(3);
  expect(pair?.exhausted.value).toBe(7);
});

test('separate vectors of receive and transmit are added up', () => {
  const [pair] = allFigures(
    sources({
      vectors: vectors(vector(27, ['rx'], 0, 1n), vector(28, ['tx'], 0, 2n)),
      vectorRates: () => ({ pollsPerSecond: 10, interruptsPerSecond: null }),
    }),
  );
  expect(pair?.pollsPerSecond.value).toBe(20);
  expect(pair?.spurious.value).toBe(3);
});

test('every figure that is missing says why', () => {
  const [pair] = allFigures(
    sources({ observation: observation({ byteQueueLimits: { items: [], reason: 'igb offers no byte queue limits.' } }) }),
  );
  const rx = pair?.rings[0];
  expect(rx?.framesPerSecond.reason).toBe('igb offers no queue statistics; nor do the driver’s own.');
  expect(rx?.drops.reason).toContain('igb offers no queue statistics');
  expect(rx?.used.reason).toBe('Waiting for the first snapshot of the ring.');
  expect(pair?.pollsPerSecond.reason).toBe('rigb tells no counts of its interrupt vectors yet.');
  expect(pair?.limit.reason).toBe('igb offers no byte queue limits.');
});

test('what an older agent told has no byte queue limits, and says so', () => {
  const [pair] = allFigures(sources());
  expect(pair?.inflight.reason).toContain('did not read byte queue limits yet');
});

test('a ring of an interface that is down is not empty but missing', () => {
  const [pair] = allFigures(sources({ fill: () => ({ used: 0, size: 0 }) }));
  expect(pair?.rings[0]?.used).toEqual({ value: null, reason: 'The interface is down: the driver has no ring.' });
});

const pair = (index: number, frames: number | null): PairFigures => {
  const [made] = allFigures(sources({ rates: () => ({ frames, bytes: null }) }));
  if (!made) throw new Error('no pair');
  return { ...made, index };
};

test('rows are ordered by any column, equal ones by number and unknown ones last in either direction', () => {
  const pairs = [pair(0, 5), pair(1, null), pair(2, 9), pair(3, 5)];
  const numbers = (isDescending: boolean) => orderPairs(pairs, { column: 'rate', isDescending }).map(({ index }) => index);
  expect(numbers(true)).toEqual([2, 0, 3, 1]);
  expect(numbers(false)).toEqual([0, 3, 2, 1]);
  for (const { id } of queueColumns) expect(orderPairs(pairs, { column: id, isDescending: true })).toHaveLength(4);
});

test('the spread names the queue that is furthest from an even share', () => {
  const skew = skewOf([700, 100, 100, 100].map((framesPerSecond, index) => ({ index, framesPerSecond })));
  expect(skew?.mostUnequal).toEqual({ index: 0, share: 0.7 });
  expect(skew && skewInWords('rx', skew, [0, 0, 1, 2])).toBe(
    'RX 0 is furthest from even: 70 % of the frames, 2.8 times its even share; the table leads 2 of its 4 places (50 %) there.',
  );
  expect(skew && skewInWords('tx', skew, [0, 0, 1, 2])).toBe('TX 0 is furthest from even: 70 % of the frames, 2.8 times its even share.');
});

test('a queue that gets nothing is named when the others share evenly', () => {
  const skew = skewOf([100, 100, 0].map((framesPerSecond, index) => ({ index, framesPerSecond })));
  expect(skew?.mostUnequal.index).toBe(2);
  expect(skew && skewInWords('rx', skew, null)).toContain('RX 2 is furthest from even: 0.0 % of the frames, none of its even share');
});

test('an even spread is called even, and one queue or no traffic is no spread', () => {
  const even = skewOf([100, 104].map((framesPerSecond, index) => ({ index, framesPerSecond })));
  expect(even && skewInWords('rx', even, null)).toBe('Frames are received evenly, 50 % a queue.');
  expect(skewOf([{ index: 0, framesPerSecond: 100 }])).toBeNull();
  expect(skewOf([0, 0].map((framesPerSecond, index) => ({ index, framesPerSecond })))).toBeNull();
  expect(skewOf([5, null].map((framesPerSecond, index) => ({ index, framesPerSecond })))).toBeNull();
});

test('places of the table are counted by queue', () => {
  expect([...placesByQueue([0, 1, 0, 3])]).toEqual([
    [0, 2],
    [1, 1],
    [3, 1],
  ]);
});

test('a ring that fits is one line, a larger one several lines of a multiple of 32', () => {
  expect(layOut(256, 800)).toMatchObject({ lines: 1, columns: 256 });
  expect(layOut(4096, 800)).toMatchObject({ lines: 11, columns: 384 });
  expect(layOut(4096, 400)).toMatchObject({ lines: 22, columns: 192 });
  expect(layOut(256, 40)).toMatchObject({ columns: 13 });
  expect(heightOf(layOut(4096, 800))).toBeLessThan(220);
});

test('the slot under a cell’s middle is that cell’s', () => {
  const layout = layOut(4096, 800);
  for (const slot of [0, 383, 384, 1000, 4095]) {
    const { x, y } = placeOf(layout, slot);
    expect(slotAt(layout, x + layout.cellWidth / 2, y + 1)).toBe(slot);
  }
  expect(slotAt(layout, 9999, 9999)).toBe(4095);
});
