// Rings, channels, MTU and XDP programs change while frames come and go: the link stays up, and no more is lost than what comes in the moment without rings.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guestFolderWith } from '../support/guest-programs.ts';
import { GuestShell } from '../support/guest-shell.ts';

let guest: GuestShell;
let device: string;
let folder: string;

beforeAll(async () => {
  folder = await guestFolderWith([new URL('../support/attach-xdp.c', import.meta.url).pathname]);
  guest = await GuestShell.boot('test-driver-exchange', '', folder);
  await guest.run('export PATH=/usr/sbin:/usr/bin:$PATH');
  await guest.loadDriver();
  device = (await guest.run('ls /sys/bus/pci/devices/0000:01:00.0/net')).trim();
  // The partner offers frames as long as the longest MTU here.
  await guest.run('/usr/bin/ip -n partner link set eth0 mtu 9000');
  await guest.linkUp();
  // What two CPUs of an emulator cannot do in time is late, not lost.
  await guest.run('/usr/bin/ping -q -c 20 -i 0.05 192.0.2.2');
}, 60_000);
afterAll(async () => {
  await guest?.[Symbol.asyncDispose]();
  if (folder) rmSync(folder, { recursive: true });
});

const carrierChanges = async () => Number(await guest.run(`cat /sys/class/net/${device}/carrier_changes`));

const pings = 300;
/** What may be lost a change, in frames of a stream of one every 10 ms. A link that was negotiated anew would take 70, on copper 200. */
const mostLost = 10;

/** Runs `changes`, one a line, while pings go both ways, each followed by some pings; the carrier must never leave, and next to no ping. */
async function underTraffic(changes: readonly string[]) {
  const before = await carrierChanges();
  const ping = `/usr/bin/ping -q -c ${pings} -i 0.01 -W 10 -s 1000`;
  await guest.run(
    [
      'cat > /tmp/under-traffic <<"END"',
      `${ping} 192.0.2.2 > /tmp/there 2>&1 & there=$!`,
      `/usr/bin/ip netns exec partner ${ping} 192.0.2.1 > /tmp/back 2>&1 & back=$!`,
      ...changes.map((change) => `usleep 100000; ${change} || exit 1`),
      'wait $there; wait $back; true',
      'END',
      'sh /tmp/under-traffic',
    ].join('\n'),
    { limitMs: 100_000 },
  );
  expect((await carrierChanges()) - before).toBe(0);
  const answered = await guest.run("sed -n 's/.* \\([0-9]*\\) received.*/\\1/p' /tmp/there /tmp/back");
  const lost = answered
    .trim()
    .split('\n')
    .map((count) => pings - Number(count));
  expect(lost).toHaveLength(2);
  for (const frames of lost) expect(frames).toBeLessThanOrEqual(mostLost * changes.length);
}

/** Something that is unlike before after each set-up of rings: how often that happened. */
const generation = async () =>
  Number(await guest.run('dd if=/sys/kernel/debug/rigb/0000:01:00.0/rings/rx0 bs=96 count=1 2>/dev/null | od -A n -t u8 -j 88 -N 8'));

test('rings of other sizes take the place of those in use', async () => {
  const before = await generation();
  const sizes = [
    [512, 512],
    [64, 64],
    [4096, 128],
    [256, 256],
  ];
  await underTraffic(sizes.map(([rx, tx]) => `ethtool -G ${device} rx ${rx} tx ${tx}`));
  expect((await generation()) - before).toBe(4);
});

test('more and fewer queue pairs', async () => {
  await underTraffic([8, 1, 5, 2].map((count) => `ethtool -L ${device} combined ${count}`));
});

test('an XDP program is attached and detached, each time with buffers of another size', async () => {
  const before = await generation();
  const attached = 'i=0; until grep -q attached /tmp/attached; do i=$((i+1)); [ $i -lt 100 ] || exit 1; usleep 20000; done';
  const attach = `rm -f /tmp/hold /tmp/attached; mkfifo /tmp/hold; attach-xdp ${device} < /tmp/hold > /tmp/attached 2>&1 & exec 3> /tmp/hold; ${attached}`;
  await underTraffic([attach, 'exec 3>&-', attach, 'exec 3>&-; usleep 300000']);
  expect(await guest.run(`/usr/bin/ip link show ${device}`)).not.toContain('xdp');
  expect((await generation()) - before).toBe(4);
});

test('a larger MTU, and another that the same buffers serve, which leaves the rings alone', async () => {
  const mtu = (bytes: number) => `/usr/bin/ip link set ${device} mtu ${bytes}`;
  await underTraffic([mtu(1400), mtu(1500)]);
  const before = await generation();
  await underTraffic([mtu(3000), mtu(9000), mtu(4000), mtu(9000)]);
  expect((await generation()) - before).toBe(1);
  expect(await guest.run('/usr/bin/ping -q -c 5 -i 0.05 -s 8972 -M do 192.0.2.2')).toContain(' 0% packet loss');
});

test('an MTU whose buffers are too small for what may be under way is the one that resets the port', async () => {
  const before = await carrierChanges();
  await guest.run(`/usr/bin/ip link set ${device} mtu 1500`);
  await guest.linkUp();
  expect((await carrierChanges()) - before).toBe(2);
  expect(await guest.run('/usr/bin/ping -q -c 5 -i 0.05 -W 5 192.0.2.2')).toContain(' 0% packet loss');
});

test('nothing was given up: no resets, no errors, no drops, no hung queue, no complaint of the kernel', async () => {
  const counts = await guest.run('cat /proc/driver/network_stats');
  for (const name of ['RX dropped', 'RX no buffer', 'TX dropped', 'Resets', 'Errors'])
    expect(counts).toMatch(new RegExp(`^${name}: 0$`, 'm'));
  expect(await guest.run('dmesg | grep -c "NETDEV WATCHDOG" || true')).toBe('0\n');
  expect(await guest.complaints()).toEqual([]);
});
