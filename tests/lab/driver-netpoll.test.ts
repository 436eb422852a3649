// The kernel's messages over the port while nobody can be interrupted (netpoll): it polls with a budget of 0, which allows cleaning up what was sent and nothing else.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guestFolderWith } from '../support/guest-programs.ts';
import { GuestShell } from '../support/guest-shell.ts';

let guest: GuestShell;
let device: string;
let folder: string;

const events = '/sys/kernel/tracing/events/napi/napi_poll';

beforeAll(async () => {
  folder = await guestFolderWith([], ['kernel/fs/configfs/configfs.ko', 'kernel/drivers/net/netconsole.ko']);
  guest = await GuestShell.boot('test-driver-netpoll', '', folder);
  await guest.loadDriver();
  device = (await guest.run('ls /sys/bus/pci/devices/0000:01:00.0/net')).trim();
  await guest.run('insmod /usr/lib/modules/configfs.ko');
  await guest.run('/usr/bin/ping -q -c 1 192.0.2.2');
  // The messages would come between what the shell prints.
  await guest.run('echo N > /sys/class/tty/ttyS0/console');
  await guest.run(`insmod /usr/lib/modules/netconsole.ko netconsole=6665@192.0.2.1/${device},6666@192.0.2.2/52:54:00:00:00:02`);
});
afterAll(async () => {
  await guest?.[Symbol.asyncDispose]();
  if (folder) rmSync(folder, { recursive: true });
});

const say = (word: string, count: number) =>
  guest.run(`i=0; while [ $i -lt ${count} ]; do i=$((i+1)); echo "<1>${word} $i" > /dev/kmsg; done`);
/** Datagrams that the partner received; it has no program that listens to them. */
async function received(): Promise<number> {
  const [names, counts] = (await guest.run('/usr/bin/ip netns exec partner grep ^Udp: /proc/net/snmp'))
    .split('\n')
    .map((line) => line.split(' '));
  return Number(counts?.[names?.indexOf('NoPorts') ?? -1]);
}
async function everyMessageArrives(word: string, count: number): Promise<void> {
  const before = await received();
  await say(word, count);
  await expect.poll(received, { timeout: 20_000 }).toBe(before + count);
}

test('every message of the kernel arrives at the partner', async () => {
  await everyMessageArrives('quiet', 100);
});

test('messages are sent while the queues are full, and polls with a budget of 0 receive nothing', async () => {
  await guest.run(`/usr/sbin/ethtool -G ${device} tx 64 && /usr/sbin/ethtool -C ${device} adaptive-tx off tx-usecs 500 2> /dev/null; true`);
  await guest.linkUp();
  await guest.run(`echo 'budget == 0 && dev_name == "${device}"' > ${events}/filter; echo 1 > ${events}/enable`);
  const flood = [
    'rem_device_all > kpktgend_0',
    `add_device ${device} > kpktgend_0`,
    ...['count 0', 'pkt_size 60', 'dst_mac 52:54:00:00:00:02', 'dst 192.0.2.2', 'flag QUEUE_MAP_CPU'].map((line) => `${line} > ${device}`),
    'start > pgctrl',
  ].map((line) => `echo ${line.replace('> ', '> /proc/net/pktgen/')}`);
  await guest.run(`({ ${flood.join('; ')}; touch /tmp/flood-ended; } > /dev/null 2>&1 &)`);
  await guest.run('(/usr/bin/ip netns exec partner /usr/bin/ping -q -f 192.0.2.1 > /dev/null 2>&1 < /dev/null &)');
  let trace = '';
  for (let round = 0; round < 40 && trace === ''; round++) {
    await say('loud', 50);
    trace = (await guest.run('grep napi_poll: /sys/kernel/tracing/trace | head -n 100', { allowFailure: true })).trim();
  }
  await guest.run(
    `until [ -e /tmp/flood-ended ]; do echo stop > /proc/net/pktgen/pgctrl; usleep 20000; done; killall ping; echo 0 > ${events}/enable`,
  );
  const polls = trace.split('\n').map((line) => /work (\d+) budget (\d+)/.exec(line)?.slice(1).join(' of '));
  expect(new Set(polls)).toEqual(new Set(['0 of 0']));
}, 240_000);

test('afterwards the port works as before, and the kernel has no complaint', async () => {
  // The partner is still busy with what flooded it.
  await guest.run('until /usr/bin/ping -q -c 1 -W 1 192.0.2.2 > /dev/null; do :; done');
  expect(await guest.run('/usr/bin/ping -q -c 50 -i 0.02 192.0.2.2')).toContain(' 0% packet loss');
  await everyMessageArrives('after', 20);
  await guest.run('rmmod netconsole; rmmod rigb');
  expect(await guest.complaints()).toEqual([]);
});
