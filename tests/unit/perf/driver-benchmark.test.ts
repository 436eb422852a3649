// The driver benchmark's arithmetic; what it measures is measured by itself.
import { expect, test } from 'vitest';
import type { Found } from '../../perf/driver/guest.ts';
import { byFunction } from '../../perf/driver/profile.ts';
import { rows } from '../../perf/driver/rows.ts';
import { measured, median, spread, verdict } from '../../perf/driver/table.ts';

const [first] = rows;
if (!first) throw new Error('There are no rows.');
const found = (values: Record<string, number>, kernel: number[]): Found => ({
  measurement: first.measurement,
  driver: 'rigb',
  values: new Map(Object.entries(values)),
  sections: kernel.map((count) => ({ kernel: count, user: 0 })),
  failure: null,
  symbols: [],
});

test('a frame costs the counted instructions divided by the frames', () => {
  expect(first.value(found({ frames: 100 }, [250_000]))).toBe(2500);
});

test('a lost frame is an error and not a cheap frame', () => {
  expect(() => first.value(found({ frames: 99, sent: 100 }, [250_000]))).toThrow('sent 100 of 99');
});

test('what a driver does not offer has no number', () => {
  const row = rows.find(({ id }) => id === 'rx-xdp-drop');
  expect(row?.value(found({ offered: 0 }, []))).toBeNull();
});

test('a ratio above one is told apart from one that merely misses its goal', () => {
  const verdicts = [990, 1010, 900].map((rigb) => verdict(measured({ ...first, goal: 0.95 }, 1000, rigb)));
  expect(verdicts).toEqual(['no', 'no, worse than igb', 'yes']);
});

test('a row that one driver does not offer names that driver', () => {
  expect(verdict(measured(first, 1000, null))).toBe('not offered by rigb');
});

test('three runs give the middle one, and the spread is the farthest from it', () => {
  expect([median([3, 1, 2]), spread([90, 100, 120])]).toEqual([2, 0.2]);
});

test('instructions are summed by the function that they lie in', () => {
  const symbols = ['0000000000001000 T first', '0000000000001010 t second [rigb]', '0000000000002000 D data'];
  const counts = new Map([
    [0x1000n, 5],
    [0x1004n, 4],
    [0x1010n, 7],
    [0x1999n, 1],
  ]);
  expect(byFunction(counts, symbols)).toEqual([
    { name: 'first', module: 'kernel', instructions: 9, calls: 5 },
    { name: 'second', module: 'rigb', instructions: 8, calls: 7 },
  ]);
});
