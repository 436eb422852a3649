// `ethtool -t` and the loopback of the interface: what passes on a good card, what fails on a cut cable, and that the port works as before afterwards.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GuestShell } from '../support/guest-shell.ts';

let guest: GuestShell;
let device: string;

beforeAll(async () => {
  guest = await GuestShell.boot('test-driver-self-test');
  await guest.loadDriver();
  device = (await guest.run('ls /sys/bus/pci/devices/0000:01:00.0/net')).trim();
});
afterAll(() => guest?.[Symbol.asyncDispose]());

const selfTest = (kind: 'online' | 'offline') => guest.run(`/usr/sbin/ethtool -t ${device} ${kind}`, { allowFailure: true });
const results = (said: string) => [...said.matchAll(/^(\w+) test +\(.*\)\s+(\d+)$/gm)].map(([, name, value]) => [name, Number(value)]);
const cable = (up: boolean) => guest.target.monitor?.execute('set_link', { name: 'port-0', up });
const noCarrier = () => guest.until(`[ "$(cat /sys/class/net/${device}/carrier)" != 1 ]`);
const pings = (count: number) => guest.run(`/usr/bin/ping -q -c ${count} -i 0.05 -W 3 192.0.2.2`);

/** Interrupts of each of the driver's vectors. */
async function interrupts(): Promise<number[]> {
  const lines = (await guest.run('grep rigb /proc/interrupts')).trim().split('\n');
  return lines.map((line) =>
    (line.match(/^\s*\d+:((?:\s+\d+)+)/)?.[1] ?? '')
      .trim()
      .split(/\s+/)
      .map(Number)
      .reduce((sum, count) => sum + count, 0),
  );
}

test('offline all five tests pass, and every vector has interrupted', async () => {
  const before = await interrupts();
  const said = await selfTest('offline');
  expect(said).toContain('The test result is PASS');
  expect(results(said)).toEqual([
    ['Register', 0],
    ['Eeprom', 0],
    ['Interrupt', 0],
    ['Loopback', 0],
    ['Link', 0],
  ]);
  const after = await interrupts();
  expect(after.length).toBeGreaterThan(1);
  for (const [index, count] of after.entries()) expect(count, `vector ${index}`).toBeGreaterThan(before[index] ?? Number.NaN);
});

test('afterwards the port works as before', async () => {
  await guest.linkUp();
  expect(await pings(20)).toContain(' 0% packet loss');
});

test('online nothing is interrupted: pings go on', async () => {
  await guest.run('/usr/bin/ping -q -c 100 -i 0.02 192.0.2.2 > /tmp/pings 2>&1 & echo $! > /tmp/pid');
  expect(await selfTest('online')).toContain('The test result is PASS');
  await guest.run('wait $(cat /tmp/pid)', { allowFailure: true });
  expect(await guest.run('cat /tmp/pings')).toContain('100 packets transmitted, 100 received, 0% packet loss');
});

test('with the cable pulled the link test fails and no other', async () => {
  await cable(false);
  await noCarrier();
  const said = await selfTest('online');
  expect(said).toContain('The test result is FAIL');
  expect(results(said)).toEqual([
    ['Register', 0],
    ['Eeprom', 0],
    ['Interrupt', 0],
    ['Loopback', 0],
    ['Link', 1],
  ]);
  await cable(true);
  await guest.linkUp();
});

test('offline under a flood of pings all tests pass, and the flood goes on', async () => {
  await guest.run('/usr/bin/ping -q -f 192.0.2.2 > /dev/null 2>&1 &');
  for (let round = 0; round < 3; round++) expect(await selfTest('offline')).toContain('The test result is PASS');
  await guest.run('killall ping', { allowFailure: true });
  await guest.linkUp();
  expect(await pings(20)).toContain(' 0% packet loss');
});

test('a port that is down is tested too, and stays down', async () => {
  await guest.run(`/usr/bin/ip link set ${device} down`);
  expect(await selfTest('offline')).toContain('The test result is PASS');
  expect(await guest.run(`/usr/bin/ip link show ${device}`)).not.toContain('UP');
  await guest.run(`/usr/bin/ip link set ${device} up`);
  await guest.linkUp();
  expect(await pings(5)).toContain(' 0% packet loss');
});

test('settings of the link survive the test', async () => {
  await guest.run(`/usr/sbin/ethtool -s ${device} autoneg off speed 100 duplex full`);
  await guest.linkUp();
  expect(await selfTest('offline')).toContain('The test result is PASS');
  await guest.linkUp();
  expect(await guest.run(`/usr/sbin/ethtool ${device}`)).toContain('Speed: 100Mb/s\n\tDuplex: Full\n\tAuto-negotiation: off');
  await guest.run(`/usr/sbin/ethtool -s ${device} autoneg on advertise 0x202f`);
  await guest.linkUp();
});

const loopback = (state: 'on' | 'off') => guest.run(`/usr/sbin/ethtool -K ${device} loopback ${state}`);

/** Frames that the port has received of a burst of its own. */
async function receivedOfOwn(): Promise<number> {
  const received = async () => Number((await guest.run(`cat /sys/class/net/${device}/statistics/rx_packets`)).trim());
  const before = await received();
  await guest.run(`/usr/bin/ping -q -b -c 10 -i 0.02 -W 1 192.0.2.255 2> /dev/null`, { allowFailure: true });
  return (await received()) - before;
}

test('looped back the port receives what it sends, and its partner is out of reach', async () => {
  await loopback('on');
  await guest.linkUp();
  expect(await receivedOfOwn()).toBeGreaterThanOrEqual(10);
  expect(await guest.run('/usr/bin/ping -q -c 2 -i 0.2 -W 1 192.0.2.2', { allowFailure: true })).toContain('100% packet loss');
});

test('the loopback stays over down and up, and has no flow control', async () => {
  await guest.run(`/usr/bin/ip link set ${device} down; /usr/bin/ip link set ${device} up`);
  await guest.linkUp();
  expect(await receivedOfOwn()).toBeGreaterThanOrEqual(10);
  expect((await guest.run(`dmesg | grep "rigb 0000:01:00.0 ${device}: link up" | tail -n 1`)).trim()).toMatch(
    /1000 Mb\/s full duplex, flow control: none$/,
  );
});

test('without the loopback the partner is there again and nothing comes back', async () => {
  await loopback('off');
  await guest.linkUp();
  expect(await pings(20)).toContain(' 0% packet loss');
  expect(await receivedOfOwn()).toBeLessThan(10);
});

test('after all this the kernel has no complaint', async () => {
  expect(await guest.complaints()).toEqual([]);
});
