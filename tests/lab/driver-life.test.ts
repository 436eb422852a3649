// What a port lives through without being unbound: sleep, and resets by others.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GuestShell } from '../support/guest-shell.ts';

const device = '/sys/bus/pci/devices/0000:01:00.0';

let guest: GuestShell;

beforeAll(async () => {
  // The card's registers can be written from the guest's shell, to make the card do what a broken one does.
  guest = await GuestShell.boot('test-driver-life', 'iomem=relaxed');
  await guest.loadDriver();
});
afterAll(() => guest?.[Symbol.asyncDispose]());

const monitor = () => {
  const { monitor } = guest.target;
  if (!monitor) throw new Error('The guest has ended.');
  return monitor;
};

async function machineIs(status: string): Promise<void> {
  const limit = Date.now() + 60_000;
  while (!JSON.stringify(await monitor().execute('query-status')).includes(`"${status}"`)) {
    if (Date.now() > limit) throw new Error(`The machine was not ${status} within a minute.`);
    await delay(50);
  }
}

const pings = () => guest.run('/usr/bin/ping -q -c 20 -i 0.05 192.0.2.2');
const traffic = () => guest.run('/usr/bin/ping -q -f 192.0.2.2 > /dev/null 2>&1 &');
const endOfTraffic = () => guest.run('killall ping 2> /dev/null || true');
const log = () => guest.run('dmesg -c');

test('frames flow again after the machine has slept with its devices switched off', async () => {
  await traffic();
  await log();
  const woken = guest.run('echo deep > /sys/power/mem_sleep && echo mem > /sys/power/state', { limitMs: 120_000 });
  await machineIs('suspended');
  await monitor().execute('system_wakeup');
  await woken;
  await endOfTraffic();
  await guest.linkUp();
  expect(await pings()).toContain('20 packets transmitted, 20 received');
  expect(await log()).toContain('Waking up from system sleep state S3');
});

test('an interface that was down when the machine went to sleep is down afterwards, and can be set up', async () => {
  await guest.run(
    '/usr/bin/ip link set eth0 down; echo devices > /sys/power/pm_test; echo 0 > /sys/module/suspend/parameters/pm_test_delay',
  );
  await guest.run('echo mem > /sys/power/state', { limitMs: 120_000 });
  await guest.run('echo none > /sys/power/pm_test');
  expect(await guest.run('cat /sys/class/net/eth0/operstate')).toBe('down\n');
  await guest.run('/usr/bin/ip link set eth0 up');
  await guest.linkUp();
  expect(await pings()).toContain('20 packets transmitted, 20 received');
});

test('somebody else’s reset of the function under traffic costs a moment, not the address or the size of frames', async () => {
  await guest.run('/usr/bin/ip link set eth0 mtu 3000 address 52:54:00:00:00:21');
  await guest.run('/usr/bin/ip -n partner link set eth0 mtu 3000');
  await guest.linkUp();
  await traffic();
  await log();
  expect(await guest.run(`cat ${device}/reset_method`)).toMatch(/^flr/);
  await guest.run(`for round in 1 2 3; do echo 1 > ${device}/reset || exit 1; done`);
  await endOfTraffic();
  await guest.linkUp();
  expect(await guest.run('/usr/bin/ping -q -c 20 -i 0.05 -s 2900 -M do 192.0.2.2')).toContain('20 packets transmitted, 20 received');
  expect((await log()).match(/the function was reset, the port is set up again/g)).toHaveLength(3);
});

test('a function that is reset while its interface is down can be set up afterwards', async () => {
  await guest.run(`/usr/bin/ip link set eth0 down; echo 1 > ${device}/reset; /usr/bin/ip link set eth0 up`);
  await guest.linkUp();
  expect(await pings()).toContain('20 packets transmitted, 20 received');
});

test('virtual functions are refused', async () => {
  expect(await guest.run(`echo 1 > ${device}/sriov_numvfs || true`)).toContain('No such file or directory');
});

test('the driver is unloaded while a reset waits', async () => {
  const base = Number((await guest.run(`head -n 1 ${device}/resource`)).split(' ')[0]);
  await guest.run(`devmem 0x${(base + 0xc8).toString(16)} 32 0x40000004; rmmod rigb`);
  await guest.loadDriver();
  expect(await pings()).toContain('20 packets transmitted, 20 received');
});

test('the kernel has no complaint', async () => {
  expect(await guest.complaints()).toEqual([]);
});
