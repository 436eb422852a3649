import { expect, test } from 'vitest';
import { Choices } from '../endurance/random.ts';
import { anyChange } from '../endurance/reconfiguration.ts';
import { type Findings, failuresOf, pieces, warmUp } from '../endurance/scenario.ts';

const choicesOf = (seed: number) => {
  const choices = new Choices(seed);
  return Array.from({ length: 1000 }, () => choices.between(0, 9));
};

test('the same seed makes the same choices', () => {
  expect(choicesOf(7)).toEqual(choicesOf(7));
  expect(choicesOf(7)).not.toEqual(choicesOf(8));
});

test.each([1, 2, 7, 2 ** 31])('with seed %i every value comes about as often as every other', (seed) => {
  const counts = Array.from({ length: 10 }, (_, value) => choicesOf(seed).filter((one) => one === value).length);
  expect(Math.min(...counts)).toBeGreaterThan(60);
  expect(Math.max(...counts)).toBeLessThan(140);
});

test('what the interface cannot change is not asked for', () => {
  const choices = new Choices(1);
  const bare = { rings: { rx: 4096, tx: 4096 }, channels: 0, coalesce: [], mtu: { min: 68, max: 9216 }, features: [] };
  const kinds = new Set(Array.from({ length: 500 }, () => anyChange(choices, bare).split(' ')[0]));
  expect(kinds).toEqual(new Set(['rings', 'mtu', 'restart']));
});

test('ring sizes and MTUs stay within what the interface names', () => {
  const choices = new Choices(3);
  const bounds = {
    rings: { rx: 1024, tx: 512 },
    channels: 2,
    coalesce: ['rx-usecs'],
    mtu: { min: 68, max: 3000 },
    features: ['rx-checksumming'],
  };
  for (let time = 0; time < 2000; time++) {
    const [kind, first, second] = anyChange(choices, bounds).split(' ');
    if (kind === 'rings')
      expect([Number(first) <= 1024, Number(second) <= 512, Number(first) >= 64, Number(second) >= 64]).not.toContain(false);
    if (kind === 'mtu') expect(Number(first) >= 68 && Number(first) <= 3000).toBe(true);
    if (kind === 'channels') expect(['1', '2']).toContain(first);
  }
});

test('pieces add up, and the first is what warms up', () => {
  expect(pieces(1000, warmUp(1000), 25).reduce((sum, piece) => sum + piece)).toBe(1000);
  expect(pieces(1, warmUp(1), 25)).toEqual([1]);
  expect(pieces(10, warmUp(10), 25)).toEqual([3, 7]);
});

const sound: Findings = {
  count: 1000,
  seed: 1,
  seconds: 1,
  counters: { samples: 10, interfaces: 1, counters: 5, backward: [] },
  complaints: [],
  before: { available: 100_000, unreclaimableSlab: 20_000 },
  after: { available: 99_000, unreclaimableSlab: 20_100 },
  tally: new Map(),
};

test('a run that finds nothing has no failure', () => {
  expect(failuresOf(sound)).toEqual([]);
});

test.each<[string, Partial<Findings>, RegExp]>([
  ['a complaint', { complaints: ['BUG: x'] }, /BUG: x/],
  ['a counter that went back', { counters: { ...sound.counters, backward: ['rx went from 2 to 1'] } }, /rx went/],
  ['no sample', { counters: { ...sound.counters, samples: 0 } }, /No counter/],
  ['two pages lost a cycle', { after: { ...sound.after, available: 92_000 } }, /8000 KiB of memory are gone/],
  ['slabs that grow by 8 KiB a cycle', { after: { ...sound.after, unreclaimableSlab: 28_000 } }, /slabs grew by 8000 KiB/],
])('%s is a failure', (_, change, sentence) => {
  expect(failuresOf({ ...sound, ...change })).toEqual([expect.stringMatching(sentence)]);
});
