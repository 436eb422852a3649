import { afterAll, beforeAll, expect, test } from 'vitest';
import { GuestShell } from '../support/guest-shell.ts';

let guest: GuestShell;

beforeAll(async () => {
  guest = await GuestShell.boot('test-driver-teardown');
});
afterAll(() => guest?.[Symbol.asyncDispose]());

const flood = [
  'cat > /tmp/flood <<"END"',
  'device=$(ip -o link show | sed -n "s/^[0-9]*: \\(eth[0-9]*\\).*/\\1/p" | head -n 1)',
  'echo "add_device $device" > /proc/net/pktgen/kpktgend_0',
  'for setting in "count 0" "pkt_size 256" "dst_mac 52:54:00:00:00:01" "dst 192.0.2.1" "ratep 20000"; do echo "$setting" > /proc/net/pktgen/$device; done',
  'echo start > /proc/net/pktgen/pgctrl',
  'END',
  '/usr/bin/ip netns exec partner sh /tmp/flood > /dev/null 2>&1 &',
].join('\n');

test('the driver is loaded and unloaded fifty times under traffic without a complaint of the kernel', async () => {
  await guest.run(flood);
  await guest.run('/usr/bin/ping -q -f 192.0.2.2 > /dev/null 2>&1 &');
  await guest.loadDriver();
  for (let round = 0; round < 5; round++) {
    await guest.run(
      'i=0; while [ $i -lt 10 ]; do rmmod rigb && insmod /usr/lib/ringscope/rigb.ko || break; usleep 650000; i=$((i+1)); done; [ $i = 10 ]',
    );
  }
  await guest.linkUp();
  await guest.run('rmmod rigb');
  expect(await guest.complaints()).toEqual([]);
}, 300_000);

test('a card that is pulled out under traffic leaves neither a hang nor a complaint', async () => {
  await guest.loadDriver();
  await guest.target.monitor?.execute('device_del', { id: 'port-0' });
  await guest.until('[ ! -e /sys/bus/pci/devices/0000:01:00.0 ]', 20);
  expect(await guest.run('cat /proc/driver/network_stats')).toBe('');
  await guest.run('rmmod rigb');
  expect(await guest.complaints()).toEqual([]);
});
