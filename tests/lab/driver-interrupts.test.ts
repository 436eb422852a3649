// The driver without message-signalled interrupts: one line for everything, as on an old board or behind a virtual machine that offers no more.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GuestShell } from '../support/guest-shell.ts';

let guest: GuestShell;

beforeAll(async () => {
  // The card's registers can be written from the guest's shell, to lose an interrupt.
  guest = await GuestShell.boot('test-driver-interrupts', 'pci=nomsi iomem=relaxed');
  await guest.loadDriver();
});
afterAll(() => guest?.[Symbol.asyncDispose]());

const line = () => guest.run('grep -w rigb /proc/interrupts');

test('a kernel without MSI gives the driver its INTx line, and the driver says so', async () => {
  expect(await line()).toMatch(/IO-APIC.*rigb/);
  expect(await guest.run('grep -c MSI /proc/interrupts || true')).toBe('0\n');
  expect(await guest.run('dmesg | grep "rigb 0000:01:00.0"')).toContain('one interrupt for everything');
});

test('over that one line a flood of pings loses none', async () => {
  const said = await guest.run('/usr/bin/ping -q -f -c 5000 -s 1400 192.0.2.2', { limitMs: 120_000 });
  expect(said).toContain('5000 packets transmitted, 5000 received, 0% packet loss');
  const counts = (await line()).trim().split(/\s+/).slice(1, 3).map(Number);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);
});

test('the self-test passes over it too, its interrupt among the rest', async () => {
  const said = await guest.run('/usr/sbin/ethtool -t $(ls /sys/bus/pci/devices/0000:01:00.0/net) offline');
  expect(said).toContain('The test result is PASS');
  expect(said).toMatch(/Interrupt test \(offline\)\s+0/);
  await guest.linkUp();
});

test('rings are exchanged over it while pings go, and the link stays', async () => {
  const device = (await guest.run('ls /sys/bus/pci/devices/0000:01:00.0/net')).trim();
  const changes = async () => Number(await guest.run(`cat /sys/class/net/${device}/carrier_changes`));
  const before = await changes();
  await guest.run('/usr/bin/ping -q -c 100 -i 0.01 -W 5 192.0.2.2 > /tmp/pings &');
  for (const size of [512, 64, 256]) await guest.run(`/usr/sbin/ethtool -G ${device} rx ${size} tx ${size}`);
  await guest.run('wait; true');
  expect(await guest.run('cat /tmp/pings')).toContain('100 packets transmitted, ');
  expect(Number(/(\d+) received/.exec(await guest.run('cat /tmp/pings'))?.[1])).toBeGreaterThan(90);
  expect((await changes()) - before).toBe(0);
});

test('a link that is pulled and put back is noticed over the same line', async () => {
  await guest.target.monitor?.execute('set_link', { name: 'port-0', up: false });
  await guest.until('[ "$(cat /sys/bus/pci/devices/0000:01:00.0/net/*/carrier)" != 1 ]');
  await guest.target.monitor?.execute('set_link', { name: 'port-0', up: true });
  await guest.linkUp();
});

test('a frame that arrives while the one interrupt is masked behind the driver’s back waits two seconds at most', async () => {
  const base = Number((await guest.run('head -n 1 /sys/bus/pci/devices/0000:01:00.0/resource')).split(' ')[0]);
  await guest.run('/usr/bin/ping -q -c 1 192.0.2.2');
  const [mask, masks] = [0xd8, 0xd0].map((offset) => `0x${(base + offset).toString(16)}`);
  // A poll that is just ending unmasks the interrupt once more: it is masked until it stays so.
  await guest.until(`devmem ${mask} 32 0xffffffff; [ "$(devmem ${masks})" = 0x00000000 ]`, 30);
  const said = await guest.run('/usr/bin/ping -c 1 -W 8 192.0.2.2');
  expect(Number(/time=([\d.]+) ms/.exec(said)?.[1])).toBeLessThan(2_500);
});

test('the driver goes while pings run, and the kernel has no complaint', async () => {
  await guest.run('/usr/bin/ping -q -f 192.0.2.2 > /dev/null 2>&1 &');
  await guest.run('rmmod rigb');
  expect(await guest.complaints()).toEqual([]);
});
