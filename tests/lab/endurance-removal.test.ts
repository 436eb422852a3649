// The short forms of `npm run test:endurance` that take the card from the driver, behind an IOMMU that reports DMA to memory that was given back.
// A failure names its seed: give it to the long form as --seed.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Bench } from '../endurance/bench.ts';
import { hotUnplug } from '../endurance/hot-unplug.ts';
import { anySeed } from '../endurance/random.ts';
import { bindUnbind } from '../endurance/reloads.ts';
import { failuresOf } from '../endurance/scenario.ts';

let bench: Bench;
const seed = anySeed();

beforeAll(async () => {
  bench = await Bench.boot({ name: 'test-endurance-removal', isGuarded: true });
});
afterAll(() => bench?.[Symbol.asyncDispose]());

test('the card is behind the IOMMU, which unmaps at once', async () => {
  expect((await bench.guest.run('cat /sys/bus/pci/devices/0000:01:00.0/iommu_group/type')).trim()).toBe('DMA');
});

test(`under two-way traffic the port is bound and unbound again and again (seed ${seed})`, async () => {
  expect(failuresOf(await bindUnbind.run({ bench, count: 8, seed }))).toEqual([]);
}, 300_000);

test(`under two-way traffic the card is unplugged, torn out, forgotten, and comes back (seed ${seed})`, async () => {
  expect(failuresOf(await hotUnplug.run({ bench, count: 4, seed }))).toEqual([]);
}, 300_000);
