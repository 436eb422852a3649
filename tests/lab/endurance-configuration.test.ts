// The short forms of `npm run test:endurance` that leave the card in its slot. A failure names its seed: give it to the long form as --seed.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bench } from '../endurance/bench.ts';
import { linkFlaps } from '../endurance/link-flaps.ts';
import { anySeed } from '../endurance/random.ts';
import { reconfiguration } from '../endurance/reconfiguration.ts';
import { loadUnload } from '../endurance/reloads.ts';
import { failuresOf } from '../endurance/scenario.ts';

let bench: Bench;
const seed = anySeed();

beforeAll(async () => {
  bench = await Bench.boot({ name: 'test-endurance-configuration' });
});
afterAll(() => bench?.[Symbol.asyncDispose]());

test(`under two-way traffic the driver is loaded and unloaded again and again (seed ${seed})`, async () => {
  expect(failuresOf(await loadUnload.run({ bench, count: 10, seed }))).toEqual([]);
});

test(`under two-way traffic the cable is pulled and put back again and again (seed ${seed})`, async () => {
  expect(failuresOf(await linkFlaps.run({ bench, count: 6, seed }))).toEqual([]);
});

test(`under two-way traffic rings, channels, moderation and MTU are changed at random (seed ${seed})`, async () => {
  expect(failuresOf(await reconfiguration.run({ bench, count: 16, seed }))).toEqual([]);
});
