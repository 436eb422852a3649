// No memory for DMA: the kernel copies everything through bounce buffers (swiotlb), and there are few.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guestFolderWith } from '../support/guest-programs.ts';
import { GuestShell } from '../support/guest-shell.ts';

const buffers = '/sys/kernel/debug/swiotlb';

let guest: GuestShell;
let folder: string;
let usedWithoutDriver: number;
const complaints: string[] = [];

beforeAll(async () => {
  folder = await guestFolderWith([join(import.meta.dirname, '../support/keep-datagrams.c')]);
  // 4 MiB: the partner takes a half, the driver's receive buffers a quarter.
  guest = await GuestShell.boot('test-driver-mapping', 'swiotlb=2048,force', folder);
  usedWithoutDriver = await used();
  await guest.run('dmesg -n 1');
  await guest.loadDriver();
});
afterAll(async () => {
  await guest?.[Symbol.asyncDispose]();
  if (folder) rmSync(folder, { recursive: true });
});

const used = async () => Number(await guest.run(`cat ${buffers}/io_tlb_used`));
const pings = () => guest.run('/usr/bin/ping -q -c 20 -i 0.05 192.0.2.2');
const statistic = async (name: string) => Number(await guest.run(`cat /sys/class/net/eth0/statistics/${name}`));

async function allocationFailures(): Promise<number> {
  const counts = (await guest.run('ethtool -S eth0')).matchAll(/rx_queue_\d+_alloc_failed: (\d+)/g);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** The log since the last call; the partner fills it with failures of its own. */
async function log(): Promise<string> {
  complaints.push(...(await guest.complaints()));
  return guest.run('dmesg -c');
}

/** Lets pktgen send `count` frames, whole bursts of them, over each of `threads` CPUs, each its own queue, from the namespace that `inside` leads into. */
async function generate(threads: readonly number[], count: number, settings: readonly string[], inside = ''): Promise<void> {
  const write = (file: string, text: string) => `echo "${text}" > /proc/net/pktgen/${file}`;
  const lines = threads.flatMap((thread) => [
    write(`kpktgend_${thread}`, 'rem_device_all'),
    write(`kpktgend_${thread}`, `add_device eth0@${thread}`),
    ...[`count ${count}`, ...settings, `queue_map_min ${thread}`, `queue_map_max ${thread}`].map((setting) =>
      write(`eth0@${thread}`, setting),
    ),
  ]);
  // The start returns early when a thread begins late.
  const end = threads.map((thread) => `until grep -q 'pkts-sofar: ${count} ' /proc/net/pktgen/eth0@${thread}; do usleep 20000; done`);
  await guest.run(`cat > /tmp/generate <<"END"\n${[...lines, write('pgctrl', 'start'), ...end].join('\n')}\nEND`);
  await guest.run(`${inside} sh /tmp/generate`);
}

test('frames for which there is no mapping, whole or in pieces, are dropped and counted, each once', async () => {
  // Rings that hold more pieces than there are bounce buffers.
  await guest.run('ip link set eth0 down; ethtool -G eth0 tx 4096; ip link set eth0 up');
  await guest.linkUp();
  const [sent, dropped] = [await statistic('tx_packets'), await statistic('tx_dropped')];
  const eightPieces = ['pkt_size 1400', 'frags 7', 'burst 32', 'dst_mac 52:54:00:00:00:02', 'dst 192.0.2.2'];
  await generate([0, 1], 4000, eightPieces);
  const handed = 8000;
  const [sentNow, droppedNow] = [await statistic('tx_packets'), await statistic('tx_dropped')];
  expect(droppedNow - dropped).toBeGreaterThan(100);
  expect(sentNow - sent).toBeGreaterThan(100);
  // The stack sends a few of its own.
  expect(sentNow - sent + droppedNow - dropped - handed).toBeGreaterThanOrEqual(0);
  expect(sentNow - sent + droppedNow - dropped - handed).toBeLessThan(50);
  expect(await guest.run('cat /sys/class/net/eth0/queues/tx-*/byte_queue_limits/inflight')).toBe('0\n0\n');
  expect(await pings()).toContain('20 packets transmitted, 20 received');
  expect(await log()).toMatch(/rigb \S+: swiotlb buffer is full/);
});

test('larger rings that cannot be mapped are refused, and the port works on with the old ones', async () => {
  const before = await used();
  expect(await guest.run('ethtool -G eth0 rx 2048', { allowFailure: true })).toContain('Cannot allocate memory');
  expect(await used()).toBeLessThanOrEqual(before);
  expect(await pings()).toContain('20 packets transmitted, 20 received');
});

test('queues without buffers count it, and receive again when there are some', async () => {
  expect(await allocationFailures()).toBe(0);
  // Buffers of a page each: a received frame takes more bounce buffers than its sender needs to send another.
  await guest.run('ethtool -L eth0 combined 1 && ethtool -G eth0 rx 64 tx 64 && ip link set eth0 mtu 3000');
  const toThem = [
    'dst_mac 52:54:00:00:00:01',
    'src_min 192.0.2.2',
    'src_max 192.0.2.2',
    'dst 192.0.2.1',
    'udp_dst_min 5000',
    'udp_dst_max 5000',
  ];
  // Whether the last buffers go to the receiver or to the sender, who then sends no more, is chance each time.
  for (let round = 0; round < 40 && (await allocationFailures()) === 0; round++) {
    await guest.run('keep-datagrams 5000 16000000 > /tmp/bound & until [ -s /tmp/bound ]; do usleep 10000; done');
    await generate([0], 1000, ['pkt_size 1400', 'ratep 5000', ...toThem], '/usr/bin/ip netns exec partner');
    await guest.run('killall keep-datagrams; wait');
  }
  expect(await allocationFailures()).toBeGreaterThan(0);
  expect(await pings()).toContain('20 packets transmitted, 20 received');
});

test('nothing is left mapped when the driver is gone, and the kernel has no other complaint', async () => {
  await guest.run('rmmod rigb');
  await expect.poll(used, { timeout: 10_000 }).toBe(usedWithoutDriver);
  await log();
  expect(complaints).toEqual([]);
});
