// More queue pairs than the guest has CPUs: all of them work, and those that are not used cost nothing and disturb nobody.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GuestShell } from '../support/guest-shell.ts';

const frames = 4000;
const port = '0000:01:00.0';
/** The key with which NICs' hashes are verified. The driver's own is random, and with one of 250 of those a thousand flows miss a queue. */
const spreadingKey =
  '6d:5a:56:da:25:5b:0e:c2:41:67:25:3d:43:a3:8f:b0:d0:ca:2b:cb:ae:7b:30:b4:77:cb:2d:a3:80:30:f2:0c:6a:42:b7:3b:be:ac:01:fa';

let guest: GuestShell;
let device: string;

beforeAll(async () => {
  guest = await GuestShell.boot('test-driver-channels');
  await guest.run('export PATH=/usr/sbin:/usr/bin:$PATH');
  await guest.loadDriver();
  device = (await guest.run(`ls /sys/bus/pci/devices/${port}/net`)).trim();
  await guest.run(`ethtool -X ${device} hkey ${spreadingKey}`);
  await guest.run('dmesg -c > /dev/null');
});
afterAll(() => guest?.[Symbol.asyncDispose]());

const channels = async (count: number) => {
  await guest.run(`ethtool -L ${device} combined ${count}`);
  await guest.linkUp();
};

const numbers = (text: string) => text.split('\n').filter(Boolean).map(Number);

/** Frames that each receive queue has counted, from `ethtool -S`. */
const receivedByQueue = async () => numbers(await guest.run(`ethtool -S ${device} | sed -n 's/^ *rx_queue_[0-9]*_packets: //p'`));

/** Interrupts of each queue pair's vector on all CPUs. */
const interruptsByQueue = async () => {
  const vectors = (await guest.run(`ls /sys/bus/pci/devices/${port}/msi_irqs | sort -n`)).trim().split('\n');
  const rows = (await guest.run('grep rigb-TxRx- /proc/interrupts')).trim().split('\n');
  const own = rows.map((row) => row.trim().split(/[\s:]+/)).filter(([irq]) => vectors.includes(irq ?? ''));
  own.sort((a, b) => Number(a.at(-1)?.split('-').at(-1)) - Number(b.at(-1)?.split('-').at(-1)));
  return own.map((row) => Number(row[1]) + Number(row[2]));
};

/** The partner sends UDP frames from a thousand ports, in bursts that fit a ring, until so many have arrived. */
const receiveManyFlows = (count: number) =>
  guest.run(
    [
      'cat > /tmp/flows <<"END"',
      'received() { sed -n "s/^RX packets: //p" /proc/driver/network_stats; }',
      'device=$(ip -o link show | sed -n "s/^[0-9]*: \\(eth[0-9]*\\).*/\\1/p" | head -n 1)',
      'echo "rem_device_all" > /proc/net/pktgen/kpktgend_0; echo "add_device $device" > /proc/net/pktgen/kpktgend_0',
      'for setting in "count 100" "pkt_size 200" "dst_mac 52:54:00:00:00:01" "dst 192.0.2.1" "flag UDPSRC_RND" "udp_src_min 2000" "udp_src_max 2999"; do echo "$setting" > /proc/net/pktgen/$device; done',
      'expected=$(received)',
      `burst=0; while [ $burst -lt ${count / 100} ]; do`,
      '  echo start > /proc/net/pktgen/pgctrl',
      '  expected=$((expected + 100)); tries=0',
      '  while [ $(received) -lt $expected ]; do tries=$((tries+1)); [ $tries -lt 200 ] || exit 1; usleep 5000; done',
      '  burst=$((burst+1))',
      'done',
      'echo rem_device_all > /proc/net/pktgen/kpktgend_0',
      'END',
      'ip netns exec partner sh /tmp/flows',
    ].join('\n'),
    { limitMs: 100_000 },
  );

test('there can be eight queue pairs, and there are as many as CPUs, with an interrupt each and one for the rest', async () => {
  const said = (await guest.run(`ethtool -l ${device}`)).replace(/\s+/g, ' ');
  expect(said).toContain('Pre-set maximums: RX: n/a TX: n/a Other: 1 Combined: 8');
  expect(said).toContain('Current hardware settings: RX: n/a TX: n/a Other: 1 Combined: 2');
  expect((await guest.run(`ls /sys/class/net/${device}/queues`)).trim().split(/\s+/)).toEqual(['rx-0', 'rx-1', 'tx-0', 'tx-1']);
  expect(await interruptsByQueue()).toHaveLength(8);
  const names = (await guest.run("sed -n 's/.* rigb-/rigb-/p' /proc/interrupts")).trim().split('\n');
  expect(names).toEqual([...Array.from({ length: 8 }, (_, pair) => `rigb-TxRx-${pair}`), 'rigb-link']);
});

test('pairs that are not used have no rings', async () => {
  const sizes = await guest.run(`for ring in rx0 tx1 rx2 tx7; do cat /sys/kernel/debug/rigb/${port}/rings/$ring | wc -c; done`);
  expect(numbers(sizes)).toEqual([96 + 256 * 16, 96 + 256 * 16, 96, 96]);
});

test('eight pairs on two CPUs all receive, each with interrupts of its own, and RSS leads to each alike', async () => {
  await channels(8);
  expect(numbers(await guest.run(`ls -d /sys/class/net/${device}/queues/rx-* | wc -l`))).toEqual([8]);
  const table = (await guest.run(`ethtool -x ${device} | sed -n 's/^ *[0-9]*: *//p'`)).trim().split(/\s+/).map(Number);
  for (let queue = 0; queue < 8; queue++) expect(table.filter((entry) => entry === queue)).toHaveLength(16);
  const [before, interruptsBefore] = [await receivedByQueue(), await interruptsByQueue()];
  expect(before).toHaveLength(8);
  await receiveManyFlows(frames);
  const [after, interruptsAfter] = [await receivedByQueue(), await interruptsByQueue()];
  const received = after.map((count, queue) => count - (before[queue] ?? 0));
  // A thousand flows over eight queues: an eighth each, give or take what chance does.
  for (const count of received) expect(count).toBeGreaterThan(frames / 8 / 2);
  const interrupts = interruptsAfter.map((count, queue) => count - (interruptsBefore[queue] ?? 0));
  for (const count of interrupts) expect(count).toBeGreaterThan(frames / 100 / 2);
  expect(interrupts).toHaveLength(8);
  for (const ring of ['rx7', 'tx7']) {
    expect(numbers(await guest.run(`cat /sys/kernel/debug/rigb/${port}/rings/${ring} | wc -c`))).toEqual([96 + 256 * 16]);
  }
});

test('each pair’s interrupt goes to one CPU, and they take turns', async () => {
  const masks = (
    await guest.run(`for irq in $(grep rigb-TxRx- /proc/interrupts | sed 's/:.*//'); do cat /proc/irq/$irq/smp_affinity; done`)
  )
    .trim()
    .split('\n');
  expect(masks.map((mask) => Number.parseInt(mask, 16))).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
});

test('back at two pairs everything that comes arrives, and what the six counted is not forgotten', async () => {
  const total = async () => Number(await guest.run(`cat /sys/class/net/${device}/statistics/rx_packets`));
  const before = await total();
  const ofTheSix = (await receivedByQueue()).slice(2);
  await channels(2);
  expect(await total()).toBeGreaterThanOrEqual(before);
  expect((await receivedByQueue()).slice(2)).toEqual(ofTheSix);
  const byQueue = await receivedByQueue();
  await receiveManyFlows(frames);
  const received = (await receivedByQueue()).map((count, queue) => count - (byQueue[queue] ?? 0));
  for (const count of received.slice(0, 2)) expect(count).toBeGreaterThan(frames / 4);
  expect(received.slice(2)).toEqual([0, 0, 0, 0, 0, 0]);
  expect((await total()) - before).toBeGreaterThanOrEqual(frames);
  expect(await guest.run(`cat /proc/driver/network_stats`)).toMatch(/^RX dropped: 0\n[\s\S]*^Errors: 0$/m);
});

test('the agent lists the rings that are in use, and hears when they are others', async () => {
  const agent = await guest.agents.next();
  const listed = (count: number) =>
    agent.event('devices', ({ devices }) => devices.find(({ pciAddress }) => pciAddress === port)?.rings.length === count);
  await listed(4);
  await channels(8);
  const { devices } = await listed(16);
  const rings = devices.find(({ pciAddress }) => pciAddress === port)?.rings ?? [];
  expect(rings.at(7)).toEqual({ kind: 'rx', index: 7 });
  expect(rings.at(15)).toEqual({ kind: 'tx', index: 7 });
  await agent.do('observe', { device: port, hz: 5 });
  const seen = await agent.event('observation');
  expect(seen.channels.values).toMatchObject({ combined: 8, combinedMax: 8, other: 1 });
  expect(seen.queues.items).toHaveLength(16);
  expect(seen.queueStatistics.items).toHaveLength(16);
  await agent.do('observe', { device: port, hz: 0 });
  await channels(2);
  await listed(4);
});

test('more than eight pairs, or none, are refused', async () => {
  for (const count of [0, 9]) {
    expect(await guest.run(`ethtool -L ${device} combined ${count}`, { allowFailure: true })).toMatch(/Invalid argument|exceeds maximum/);
  }
});

test('queues that are not used are no queues that hang to the watchdog', async () => {
  await channels(1);
  // It looks every five seconds at what has stood still for five.
  await guest.run('sleep 12');
  expect(await guest.run('ping -q -c 5 -i 0.05 192.0.2.2')).toContain(' 0% packet loss');
  expect(await guest.run('dmesg | grep -c "NETDEV WATCHDOG" || true')).toBe('0\n');
  expect(await guest.run('sed -n "s/^Resets: //p" /proc/driver/network_stats')).toBe('0\n');
});

test('after all this the kernel has no complaint', async () => {
  expect(await guest.complaints()).toEqual([]);
});
