// XDP programs judge every frame: what becomes of the frames, and that each queue counts the verdicts, of frames in one buffer and in several.
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { guestFolderWith } from '../support/guest-programs.ts';
import { GuestShell } from '../support/guest-shell.ts';

const frames = 60;
const verdicts = ['pass', 'drop', 'tx', 'redirect', 'aborted'] as const;
type Verdict = (typeof verdicts)[number];

let guest: GuestShell;
let device: string;
let folder: string;

beforeAll(async () => {
  folder = await guestFolderWith([new URL('../support/attach-xdp.c', import.meta.url).pathname]);
  // Without IPv6 nobody sends unasked.
  guest = await GuestShell.boot('test-driver-xdp', 'ipv6.disable=1', folder);
  await guest.run('export PATH=/usr/sbin:/usr/bin:$PATH');
  await guest.loadDriver();
  device = (await guest.run('ls /sys/bus/pci/devices/0000:01:00.0/net')).trim();
  await guest.run(`/usr/bin/ip -n partner link set eth0 mtu 9000; /usr/bin/ip link set ${device} mtu 9000`);
  await guest.linkUp();
  await guest.partnerUp();
  await guest.run('dmesg -c > /dev/null');
  await guest.run(
    [
      'cat > /tmp/send <<"END"',
      'echo rem_device_all > /proc/net/pktgen/kpktgend_0',
      'until echo "add_device eth0" > /proc/net/pktgen/kpktgend_0; do usleep 20000; done 2> /dev/null',
      `for setting in "count ${frames}" "pkt_size $1" "delay 20000" "dst 192.0.2.1" "dst_mac 52:54:00:00:00:01" "udp_dst_min 9" "udp_dst_max 9"`,
      'do echo "$setting" > /proc/net/pktgen/eth0; done',
      'echo start > /proc/net/pktgen/pgctrl',
      'END',
    ].join('\n'),
  );
}, 60_000);
afterAll(async () => {
  await guest?.[Symbol.asyncDispose]();
  if (folder) rmSync(folder, { recursive: true });
});
/** The sum over all queues of the counters of `ethtool -S` with that ending, and of received and sent frames. */
async function counts() {
  const said = await guest.run(`ethtool -S ${device}`);
  const sum = (pattern: RegExp) => [...said.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
  const verdict = Object.fromEntries(verdicts.map((name) => [name, sum(new RegExp(`rx_queue_\\d+_xdp_${name}: (\\d+)`, 'g'))])) as Record<
    Verdict,
    number
  >;
  return { ...verdict, received: sum(/rx_queue_\d+_packets: (\d+)/g), sent: sum(/tx_queue_\d+_packets: (\d+)/g) };
}

/** What the counters rose by while the partner sent frames of so many bytes to a program with that verdict. */
async function judged(verdict: Verdict, bytes: number) {
  await guest.run(
    `exec 3>&-; wait; rm -f /tmp/hold /tmp/attached; mkfifo /tmp/hold; attach-xdp ${device} ${verdict} < /tmp/hold > /tmp/attached 2>&1 & exec 3> /tmp/hold`,
  );
  await guest.until('grep -q attached /tmp/attached');
  await guest.linkUp();
  await guest.partnerUp();
  const before = await counts();
  await guest.run(`/usr/bin/ip netns exec partner sh /tmp/send ${bytes} > /dev/null`);
  await expect.poll(async () => (await counts()).received - before.received, { timeout: 20_000 }).toBeGreaterThanOrEqual(frames);
  const isSentBack = verdict === 'tx' || verdict === 'redirect';
  if (isSentBack) await expect.poll(async () => (await counts()).sent - before.sent, { timeout: 20_000 }).toBeGreaterThanOrEqual(frames);
  const after = await counts();
  await guest.run('exec 3>&-; wait');
  const rise = (name: keyof typeof after) => after[name] - before[name];
  return { rise, others: verdicts.filter((other) => other !== verdict).map(rise) };
}

for (const bytes of [200, 8000]) {
  const size = bytes > 4000 ? 'in several buffers' : 'in one buffer';
  for (const verdict of verdicts) {
    test(`frames ${size} that a program judges “${verdict}” are counted so, each once and no other way`, async () => {
      const { rise, others } = await judged(verdict, bytes);
      expect(rise(verdict)).toBeGreaterThanOrEqual(frames);
      expect(rise(verdict)).toBe(rise('received'));
      expect(others).toEqual([0, 0, 0, 0]);
    });
  }
}

test('frames that no program sees have no verdict', async () => {
  const before = await counts();
  expect(await guest.run('ping -q -c 20 -i 0.02 192.0.2.2')).toContain(' 0% packet loss');
  const after = await counts();
  expect(after.received - before.received).toBeGreaterThanOrEqual(20);
  expect(verdicts.map((name) => after[name] - before[name])).toEqual([0, 0, 0, 0, 0]);
});

test('after all this the kernel has no complaint', async () => {
  expect(await guest.complaints()).toEqual([]);
});
