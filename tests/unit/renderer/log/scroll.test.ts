import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ListPosition, rowHeightPx } from '../../../../renderer/panels/log/list-position.ts';
import { NumberList } from '../../../../renderer/panels/log/number-list.ts';
import { ScrollMap, tallestPx } from '../../../../renderer/panels/log/scroll-map.ts';

const listOf = (from: number, to: number) => {
  const list = new NumberList();
  for (let number = from; number < to; number += 1) list.add(number);
  return list;
};

test('a list of numbers is what a sorted set is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.record({ add: fc.nat(4000) }), fc.record({ remove: fc.nat(4000) }), fc.record({ drop: fc.nat(2000) })), {
        maxLength: 300,
      }),
      (steps) => {
        const list = new NumberList();
        let expected: number[] = [];
        for (const step of steps) {
          if ('add' in step) {
            list.add(step.add);
            expected = [...new Set([...expected, step.add])].sort((a, b) => a - b);
          } else if ('remove' in step) {
            list.remove(step.remove);
            expected = expected.filter((number) => number !== step.remove);
          } else {
            list.dropBelow(step.drop);
            expected = expected.filter((number) => number >= step.drop);
          }
        }
        expect(Array.from({ length: list.length }, (_, index) => list.at(index))).toEqual(expected);
        for (const number of expected) expect(list.at(list.indexOf(number))).toBe(number);
      },
    ),
  );
});

test('a list that gives up its front keeps what comes after in order', () => {
  const list = listOf(0, 5000);
  list.dropBelow(4000);
  for (let number = 5000; number < 9000; number += 1) list.add(number);
  expect([list.length, list.at(0), list.at(list.length - 1)]).toEqual([5000, 4000, 8999]);
});

const total = 1_000_000 * rowHeightPx;
const big = () => {
  const map = new ScrollMap();
  map.resize(total, 500);
  return map;
};

test('an element never gets higher than a browser lays out', () => {
  expect(big().elementHeight).toBe(tallestPx);
});

test('any position of a million rows is reached, and both ends of the bar are the ends of the list', () => {
  const map = big();
  fc.assert(
    fc.property(fc.integer({ min: 0, max: total - 500 }), (top) => {
      map.scrollTo(top);
      expect(map.top).toBe(top);
      expect(map.elementTop).toBeGreaterThanOrEqual(0);
      expect(map.elementTop).toBeLessThanOrEqual(tallestPx - 500);
      expect(map.place(top)).toBeCloseTo(map.elementTop);
    }),
  );
  map.scrolled(tallestPx - 500);
  expect(map.top).toBe(map.bottom);
  map.scrolled(0);
  expect(map.top).toBe(0);
});

test('small steps move the list exactly as far as the wheel, all the way to its beginning', () => {
  const map = big();
  map.scrollTo(300_000);
  let top = 300_000;
  while (top > 0) {
    const before = map.top;
    map.scrolled(Math.max(0, map.elementTop - 100));
    expect(map.top).toBe(Math.max(0, before - 100));
    top = map.top;
    if (top % 5000 === 0) map.settle();
  }
  expect(map.elementTop).toBe(0);
});

test('a jump of the bar goes to the same share of the list', () => {
  const map = big();
  map.scrolled(tallestPx / 2);
  expect(map.top / map.bottom).toBeCloseTo(0.5, 2);
});

test('a row at the top stays there while older rows are cut off and new ones come', () => {
  const position = new ListPosition();
  position.update(listOf(0, 1000), 1000, 400, false);
  position.scrolled(500 * rowHeightPx + 7);
  position.update(listOf(300, 2000), 1700, 400, false);
  expect(position.map.top).toBe(200 * rowHeightPx + 7);
});

test('while it is followed the end is in sight', () => {
  const position = new ListPosition();
  position.update(listOf(0, 1000), 1000, 400, true);
  expect(position.window(0)).toEqual({ from: 980, to: 1000 });
  position.update(listOf(300, 2000), 1700, 400, true);
  expect(position.window(0)).toEqual({ from: 1680, to: 1700 });
});

test('a row that is shown is brought into sight and no further', () => {
  const position = new ListPosition();
  position.update(listOf(0, 1000), 1000, 400, false);
  position.reveal(100);
  expect(position.window(0)).toEqual({ from: 81, to: 101 });
  position.reveal(90);
  expect(position.window(0)).toEqual({ from: 81, to: 101 });
  position.reveal(500, true);
  expect(position.window(0)).toEqual({ from: 490, to: 510 });
});
