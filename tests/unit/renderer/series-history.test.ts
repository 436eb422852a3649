// The history of a session: what it keeps, for how long, and that no peak is lost between its samples and the pixels.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Decimation } from '../../../renderer/state/decimation.ts';
import { SeriesHistory, type SeriesLimits } from '../../../renderer/state/series-history.ts';

const limits: SeriesLimits = { fineSeconds: 60, coarseSeconds: 3600, maximumBytes: 4 * 1024 * 1024, gapSeconds: 3 };

/** A history of one counter at 10 Hz that grows by so much each tenth of a second. */
function counted(seconds: number, growth: (tenth: number) => number, change: Partial<SeriesLimits> = {}): SeriesHistory {
  const history = new SeriesHistory({ ...limits, ...change });
  history.setKeys(['a']);
  let value = 0;
  for (let tenth = 0; tenth <= seconds * 10; tenth += 1) {
    value += growth(tenth);
    history.append(tenth / 10, [value]);
  }
  return history;
}

test('a counter has its value at any kept instant, as the last sample before it had it', () => {
  const history = counted(10, () => 2);
  expect(history.valueAt('a', 5)).toBe(102);
  expect(history.valueAt('a', 5.05)).toBe(102);
  expect(history.valueAt('a', 1000)).toBe(202);
  expect(history.valueAt('a', -1)).toBeNull();
  expect(history.valueAt('b', 5)).toBeNull();
});

test('a rate is that of the second before, at any kept instant', () => {
  const history = counted(200, (tenth) => (tenth > 1000 ? 30 : 10));
  expect(history.rateAt('a', 50)).toBeCloseTo(100);
  expect(history.rateAt('a', 190)).toBeCloseTo(300);
  expect(history.rateAt('a', 0)).toBeNull();
});

test('old samples thin out to one a second, and no rate changes where they do', () => {
  const history = counted(600, () => 10);
  expect(history.fineFromSeconds).toBeGreaterThan(500);
  expect(history.oldestSeconds).toBe(0);
  const { seconds, values } = history.rates(['a'], { from: 0, to: 600 }, 100_000);
  expect(seconds.length).toBeGreaterThan(1000);
  expect(values.every((value) => value !== null && Math.abs(value - 100) < 1e-6)).toBe(true);
});

test('an hour at full rate of a hundred and fifty rows stays below 50 MB, and reaches back to its start', () => {
  const history = new SeriesHistory({ fineSeconds: 600, coarseSeconds: 6 * 3600, maximumBytes: 32 * 1024 * 1024, gapSeconds: 3 });
  history.setKeys(Array.from({ length: 150 }, (_, index) => `row ${index}`));
  const values = new Float64Array(150);
  for (let tenth = 0; tenth < 36_000; tenth += 1) history.append(tenth / 10, values);
  expect(history.oldestSeconds).toBe(0);
  expect(history.newestSeconds - history.fineFromSeconds).toBeGreaterThanOrEqual(599.9);
  expect(history.bytes).toBeLessThan(32 * 1024 * 1024);
});

test('however many rows there are and however often they change, the bytes stay within the limit', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ rows: fc.integer({ min: 0, max: 400 }), samples: fc.integer({ min: 1, max: 300 }) }), { maxLength: 12 }),
      (tables) => {
        const maximumBytes = 256 * 1024;
        const history = new SeriesHistory({ ...limits, maximumBytes });
        let tenth = 0;
        for (const { rows, samples } of tables) {
          history.setKeys(Array.from({ length: rows }, (_, index) => `row ${index}`));
          for (let sample = 0; sample < samples; sample += 1) {
            tenth += 1;
            history.append(tenth / 10, new Float64Array(rows));
          }
          expect(history.bytes).toBeLessThanOrEqual(maximumBytes);
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('a row goes on through another table, and one that was missing meanwhile has a gap', () => {
  const history = new SeriesHistory(limits);
  history.setKeys(['a', 'b']);
  for (let second = 0; second < 5; second += 1) history.append(second, [second * 10, second]);
  history.setKeys(['b']);
  for (let second = 5; second < 10; second += 1) history.append(second, [second]);
  history.setKeys(['c', 'a', 'b']);
  for (let second = 10; second < 15; second += 1) history.append(second, [0, second * 10, second]);
  expect([4, 7, 12].map((second) => history.valueAt('a', second))).toEqual([40, null, 120]);
  expect([4, 7, 12].map((second) => history.valueAt('b', second))).toEqual([4, 7, 12]);
  expect(history.rates(['b'], { from: 0, to: 15 }, 1000).values).not.toContain(null);
  expect(history.rates(['a'], { from: 0, to: 15 }, 1000).values).toContain(null);
});

test('a sample that is not newer is not taken, so that time only goes on', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true })), (instants) => {
      const history = new SeriesHistory(limits);
      history.setKeys(['a']);
      for (const seconds of instants) history.append(seconds, [1]);
      const { seconds } = history.values(['a'], { from: 0, to: 100 }, 10_000);
      expect(seconds).toEqual([...seconds].sort((a, b) => a - b));
    }),
  );
});

test('several rows are shown as their sum, and a time without samples as a gap', () => {
  const history = new SeriesHistory(limits);
  history.setKeys(['a', 'b']);
  for (const second of [0, 1, 2, 3, 20, 21, 22]) history.append(second, [second * 5, second * 7]);
  const { seconds, values } = history.rates(['a', 'b'], { from: 0, to: 30 }, 300);
  expect(values.filter((value) => value !== null).every((value) => Math.abs((value ?? 0) - 12) < 1e-9)).toBe(true);
  const gap = values.indexOf(null);
  expect(seconds[gap]).toBeGreaterThan(3);
  expect(seconds[gap]).toBeLessThan(20);
});

test('decimation keeps the extremes, invents no point, keeps order, and needs three points a pixel at the most', () => {
  const point = fc.tuple(fc.double({ min: 0.001, max: 5, noNaN: true }), fc.option(fc.integer({ min: -1000, max: 1000 }), { freq: 10 }));
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 400 }), fc.integer({ min: 1, max: 50 }), (steps, pixels) => {
      let now = 0;
      const points = steps.map(([step, value]) => {
        now += step;
        return [now, value] as const;
      });
      const decimation = new Decimation({ from: 0, to: now }, pixels);
      for (const [seconds, value] of points) decimation.add(seconds, value);
      const { seconds, values } = decimation.end();
      const numbers = (all: readonly (number | null)[]) => all.filter((value) => value !== null);
      const before = numbers(points.map(([, value]) => value));
      const after = numbers(values);
      expect(after.length === 0).toBe(before.length === 0);
      if (before.length > 0) {
        expect(Math.max(...after)).toBe(Math.max(...before));
        expect(Math.min(...after)).toBe(Math.min(...before));
      }
      for (const [index, value] of values.entries())
        if (value !== null) expect(points.some(([at, real]) => at === seconds[index] && real === value)).toBe(true);
      for (let index = 1; index < seconds.length; index += 1) expect(seconds[index]).toBeGreaterThanOrEqual(seconds[index - 1] ?? 0);
      expect(seconds.length).toBeLessThanOrEqual(3 * (pixels + 2));
    }),
  );
});

test('of a stretch only its samples and one beside it are told', () => {
  const history = counted(100, () => 1);
  const { seconds } = history.values(['a'], { from: 80, to: 90 }, 100_000);
  expect(seconds[0]).toBeGreaterThanOrEqual(79.8);
  expect(seconds.at(-1)).toBeLessThanOrEqual(90.2);
  expect(seconds.length).toBeGreaterThanOrEqual(101);
});
