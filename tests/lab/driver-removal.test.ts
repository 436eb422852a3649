// A card that is gone before anybody asked the driver: its slot loses power. (driver-teardown.test.ts pulls one politely.)
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GuestShell } from '../support/guest-shell.ts';

const slot = '/sys/bus/pci/devices/0000:00:01.0/config';
const device = '/sys/bus/pci/devices/0000:01:00.0';

let guest: GuestShell;
let count = 0;

beforeEach(async () => {
  guest = await GuestShell.boot(`test-driver-removal-${++count}`);
  await guest.loadDriver();
});
afterEach(() => guest?.[Symbol.asyncDispose]());

/** Switches the slot's power off: indicator off, controller off, in the slot control register of the root port's PCI Express capability. */
async function pull(): Promise<void> {
  const capability = Number((await guest.run(`od -A n -t u1 -j 52 -N 1 ${slot}`)).trim());
  expect((await guest.run(`od -A n -t u1 -j ${capability} -N 1 ${slot}`)).trim()).toBe('16');
  await guest.run(`printf '\\300\\007' | dd of=${slot} bs=1 seek=$((${capability} + 24)) conv=notrunc 2> /dev/null`);
  expect(await guest.run(`od -A n -t x1 -N 4 ${device}/config`)).toBe(' ff ff ff ff\n');
}

const detached = () => guest.until('dmesg | grep -q "does not answer any more"', 20);

test('a card that loses its slot’s power under two-way traffic is detached, and its interface can be taken down and removed', async () => {
  await guest.run('/usr/bin/ip netns exec partner /usr/bin/ping -q -f 192.0.2.1 > /dev/null 2>&1 &');
  await guest.run('/usr/bin/ping -q -f 192.0.2.2 > /dev/null 2>&1 &');
  await pull();
  await detached();
  expect(await guest.run('ethtool -S eth0', { allowFailure: true })).toContain('No such device');
  expect(await guest.run('cat /sys/kernel/debug/rigb/0000:01:00.0/registers', { allowFailure: true })).toContain('No such device');
  await guest.run('/usr/bin/ip link set eth0 down');
  expect(await guest.run('/usr/bin/ip link set eth0 up', { allowFailure: true })).toContain('No such device');
  await guest.run(`echo 1 > ${device}/remove`, { limitMs: 20_000 });
  expect(await guest.run('cat /proc/driver/network_stats')).toBe('');
  await guest.run('rmmod rigb');
  expect(await guest.complaints()).toEqual([]);
});

test('one that nobody uses is found gone, and the driver is unloaded without waiting for it', async () => {
  await pull();
  await detached();
  const begun = Date.now();
  await guest.run('rmmod rigb', { limitMs: 20_000 });
  expect(Date.now() - begun).toBeLessThan(10_000);
  expect(await guest.complaints()).toEqual([]);
});
