import { expect, test } from 'vitest';
import { type BudgetState, budgetScales, rateScale, throttle, unthrottled } from '../../../renderer/state/observer-budget.ts';
import { ObserverThrottle } from '../../../renderer/state/observer-throttle.ts';

/** A second of cost after the other; gives the scale after each. */
function after(costs: readonly number[], budget: number | null = 2, from: BudgetState = unthrottled): number[] {
  let state = from;
  return costs.map((cpuPercent, atSeconds) => {
    state = throttle(state, { cpuPercent, atSeconds }, budget);
    return rateScale(state);
  });
}
const seconds = (count: number, cost: number) => Array.from({ length: count }, () => cost);

test('a cost within the budget changes nothing', () => expect(new Set(after(seconds(100, 1.9)))).toEqual(new Set([1])));

test('a burst is forgiven', () => expect(new Set(after([1, 9, 9, 9, 1, 9, 9, 9, 1]))).toEqual(new Set([1])));

test('a cost that stays above the budget slows step by step, as far as it goes', () => {
  const scales = after(seconds(60, 9));
  expect([...new Set(scales)]).toEqual([...budgetScales]);
  expect(scales.indexOf(0.5)).toBe(4);
});

test('once slowed it stays so while the full rate would not fit', () => {
  // Half of the rate costs 1.2 of 2 %: twice of that is too much.
  expect(after([...seconds(6, 2.4), ...seconds(200, 1.2)]).at(-1)).toBe(0.5);
});

test('it goes faster again when that has fitted for a while, not at once', () => {
  const scales = after([...seconds(6, 2.4), ...seconds(40, 0.5)]);
  expect(scales[16]).toBe(0.5);
  expect(scales.at(-1)).toBe(1);
});

test('one look above the expected cost starts the wait anew', () => {
  const scales = after([...seconds(6, 2.4), ...seconds(12, 0.5), 1.5, ...seconds(12, 0.5)]);
  expect(scales.at(-1)).toBe(0.5);
});

test('without a budget nothing is slowed, and what was slowed is not any more', () => {
  expect(after(seconds(30, 80), null).at(-1)).toBe(1);
  expect(after([80], null, { step: 3, trend: 'over', sinceSeconds: 0 })).toEqual([1]);
});

test('a smaller budget bites the next seconds', () => expect(after(seconds(6, 0.5), 0.2).at(-1)).toBe(0.5));

test('a step slows watches and samples once, and another agent begins at the full rates', () => {
  const told: string[] = [];
  const observer = new ObserverThrottle({ slowTo: (scale) => told.push(`watches ${scale}`), sample: (hz) => told.push(`sample ${hz}`) });
  for (let at = 0; at < 8; at += 1) observer.take({ cpuPercent: 5 }, 2, at);
  expect(told.splice(0)).toEqual(['watches 0.5', 'sample 5']);
  expect(observer.store.getState().scale).toBe(0.5);
  observer.restart();
  expect(told.splice(0)).toEqual(['watches 1', 'sample 10']);
  observer.restart();
  expect(told).toEqual([]);
});
