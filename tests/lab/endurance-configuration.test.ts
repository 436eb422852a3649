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

test('a counter that goes back is found, and one that begins anew with another interface is not', async () => {
  const sample = (index: number, received: number) => [
    `@ ${index}`,
    '= statistics',
    `/sys/bus/pci/devices/x/net/eth0/statistics/rx_packets:${received}`,
  ];
  const samples = [...sample(3, 10), ...sample(3, 12), ...sample(4, 5), '= ethtool -S', '     rx_packets: 1', ...sample(4, 4)];
  expect((await bench.guest.run(`awk -f /tmp/monotone.awk <<"END"\n${samples.join('\n')}\nEND`)).trim().split('\n')).toEqual([
    'statistics: statistics/rx_packets of interface 4 went from 5 to 4',
    'samples 4, interfaces 2, counters 2, backward 1',
  ]);
});

test(`under two-way traffic the driver is loaded and unloaded again and again (seed ${seed})`, async () => {
  expect(failuresOf(await loadUnload.run({ bench, count: 8, seed }))).toEqual([]);
}, 300_000);

test(`under two-way traffic the cable is pulled and put back again and again (seed ${seed})`, async () => {
  expect(failuresOf(await linkFlaps.run({ bench, count: 5, seed }))).toEqual([]);
}, 300_000);

test(`under two-way traffic rings, channels, moderation and MTU are changed at random (seed ${seed})`, async () => {
  expect(failuresOf(await reconfiguration.run({ bench, count: 12, seed }))).toEqual([]);
}, 300_000);
