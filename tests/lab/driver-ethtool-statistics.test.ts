// What the card counts, through every door to it, against what was sent: frames of known length and destination, from and to the partner.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GuestShell } from '../support/guest-shell.ts';

let guest: GuestShell;
let device: string;

beforeAll(async () => {
  guest = await GuestShell.boot('test-ethtool-statistics');
  await guest.run('export PATH=/usr/sbin:/usr/bin:$PATH');
  await guest.loadDriver();
  device = (await guest.run('ls /sys/bus/pci/devices/0000:01:00.0/net')).trim();
  // Nothing but what the tests send: no neighbour discovery, and no question whether a neighbour that was used some seconds ago is still there.
  for (const [namespace, address, owner] of [
    ['', '192.0.2.2', PARTNER],
    ['-n partner', '192.0.2.1', PORT],
  ])
    await guest.run(`/usr/bin/ip ${namespace} neigh replace ${address} lladdr ${owner} dev ${namespace ? 'eth0' : device} nud permanent`);
  await guest.run(
    'for n in "" "/usr/bin/ip netns exec partner"; do $n sh -c "for f in /proc/sys/net/ipv6/conf/*/disable_ipv6; do echo 1 > \\$f; done"; done',
  );
});
afterAll(() => guest?.[Symbol.asyncDispose]());

/** `ethtool -S`, or its standard groups, as numbers by name. */
async function counters(options = ''): Promise<Record<string, number>> {
  const text = await guest.run(`ethtool -S ${device} ${options}`);
  return Object.fromEntries([...text.matchAll(/^\s*([\w-]+): (\d+)$/gm)].map(([, name, value]) => [name ?? '', Number(value)]));
}

async function change(options: string, action: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await counters(options);
  await action();
  const after = await counters(options);
  return Object.fromEntries(Object.entries(after).map(([name, value]) => [name, value - (before[name] ?? 0)]));
}

/** Frames of `bytes` (without FCS) to `destination`, by pktgen; from the port under test or from its partner. Awaits their arrival by nothing: the wire is synchronous. */
const send = (from: 'port' | 'partner', count: number, bytes: number, destination: string) =>
  guest.run(
    [
      `cat > /tmp/send <<"END"`,
      `device=${from === 'port' ? device : 'eth0'}`,
      'echo rem_device_all > /proc/net/pktgen/kpktgend_0',
      'echo "add_device $device" > /proc/net/pktgen/kpktgend_0',
      `for setting in "count ${count}" "pkt_size ${bytes}" "dst_mac ${destination}" "dst 192.0.2.99" "delay 20000"; do echo "$setting" > /proc/net/pktgen/$device; done`,
      'echo start > /proc/net/pktgen/pgctrl',
      // What it says of itself, should it not have sent them all.
      `grep -q "pkts-sofar: ${count}  errors: 0" /proc/net/pktgen/$device || { cat /proc/net/pktgen/$device; exit 1; }`,
      'echo rem_device_all > /proc/net/pktgen/kpktgend_0',
      'END',
      `${from === 'port' ? '' : '/usr/bin/ip netns exec partner '}sh /tmp/send`,
    ].join('\n'),
    { limitMs: 60_000 },
  );

const BROADCAST = 'ff:ff:ff:ff:ff:ff';
const GROUP = '01:00:5e:00:00:63';
const PORT = '52:54:00:00:00:01';
const PARTNER = '52:54:00:00:00:02';

test('frames sent are counted by the MAC under their names, their bytes with the FCS', async () => {
  const counted = await change('', () => send('port', 500, 100, PARTNER));
  expect(counted).toMatchObject({
    tx_packets: 500,
    tx_bytes: 500 * 104,
    tx_broadcast: 0,
    tx_multicast: 0,
    rx_packets: 0,
    tx_size_65_to_127_packets: 500,
  });
});

test('frames received are counted by the MAC under their names, their bytes with the FCS', async () => {
  const counted = await change('', () => send('partner', 500, 200, PORT));
  expect(counted).toMatchObject({
    rx_packets: 500,
    rx_bytes: 500 * 204,
    rx_broadcast: 0,
    rx_multicast: 0,
    tx_packets: 0,
    rx_size_128_to_255_packets: 500,
  });
});

test('broadcast and multicast are told apart, in both directions', async () => {
  expect(await change('', () => send('port', 100, 100, BROADCAST))).toMatchObject({ tx_broadcast: 100, tx_multicast: 0 });
  expect(await change('', () => send('port', 100, 100, GROUP))).toMatchObject({ tx_broadcast: 0, tx_multicast: 100 });
  expect(await change('', () => send('partner', 100, 100, BROADCAST))).toMatchObject({ rx_broadcast: 100, rx_multicast: 0 });
  await guest.run(`/usr/bin/ip link set ${device} allmulticast on`);
  expect(await change('', () => send('partner', 100, 100, GROUP))).toMatchObject({ rx_broadcast: 0, rx_multicast: 100, multicast: 100 });
  await guest.run(`/usr/bin/ip link set ${device} allmulticast off`);
});

test('the counters of the queues agree with those of the MAC, without the FCS', async () => {
  const counted = await change('', () => send('port', 300, 100, PARTNER));
  const sum = (pattern: RegExp) => Object.entries(counted).reduce((total, [name, value]) => total + (pattern.test(name) ? value : 0), 0);
  expect(sum(/^tx_queue_\d+_packets$/)).toBe(300);
  expect(sum(/^tx_queue_\d+_bytes$/)).toBe(300 * 100);
});

test("the MAC's counters by IEEE 802.3 count the same frames, and no error among them", async () => {
  const counted = await change('--groups eth-mac', () => send('port', 200, 100, BROADCAST));
  expect(counted).toMatchObject({
    'eth-mac-FramesTransmittedOK': 200,
    'eth-mac-OctetsTransmittedOK': 200 * 104,
    'eth-mac-BroadcastFramesXmittedOK': 200,
    'eth-mac-FrameCheckSequenceErrors': 0,
    'eth-mac-AlignmentErrors': 0,
    'eth-mac-CarrierSenseErrors': 0,
    'eth-mac-FrameTooLongErrors': 0,
    'eth-mac-SingleCollisionFrames': 0,
    'eth-mac-LateCollisions': 0,
  });
});

test('what the card cannot count is not reported as zero', async () => {
  const reported = await counters('--groups eth-mac eth-ctrl');
  expect(reported).not.toHaveProperty('eth-mac-InRangeLengthErrors');
  expect(reported).not.toHaveProperty('eth-mac-FramesWithExcessiveDeferral');
  expect(reported).not.toHaveProperty('eth-ctrl-MACControlFramesReceived');
  expect(reported).toHaveProperty('eth-ctrl-UnsupportedOpcodesReceived');
});

test.each([
  [60, '64to64'],
  [61, '65to127'],
  [124, '128to255'],
  [252, '256to511'],
  [508, '512to1023'],
  [1020, '1024to9728'],
])('sent frames of %i bytes and FCS are counted in the range %s', async (bytes, range) => {
  const counted = await change('--groups rmon', () => send('port', 100, bytes, PARTNER));
  const sent = Object.entries(counted).filter(([name, value]) => name.startsWith('tx-') && value !== 0);
  expect(sent).toEqual([[`tx-rmon-etherStatsPkts${range}Octets`, 100]]);
});

test('counters of the card survive down and up and a reset, and do not count the frames of the self-test', async () => {
  const before = await counters();
  await guest.run(`/usr/bin/ip link set ${device} down; /usr/bin/ip link set ${device} up`);
  await guest.linkUp();
  await guest.run(`ethtool -t ${device} offline`);
  await guest.linkUp();
  const after = await counters();
  for (const name of ['tx_packets', 'rx_packets', 'tx_bytes', 'rx_bytes', 'tx_broadcast']) {
    expect(after[name], name).toBeGreaterThanOrEqual(before[name] ?? Number.NaN);
    // ARP and the like, but not a test's eight frames.
    if (name.endsWith('packets')) expect((after[name] ?? Number.NaN) - (before[name] ?? 0), name).toBeLessThan(6);
  }
});

test('counters of the interface include what the card counts, without anybody asking the card', async () => {
  await guest.run(`/usr/bin/ip link set ${device} allmulticast on`);
  const multicast = async () => Number((await guest.run(`cat /sys/class/net/${device}/statistics/multicast`)).trim());
  const before = await multicast();
  await send('partner', 50, 100, GROUP);
  await guest.until(`[ $(cat /sys/class/net/${device}/statistics/multicast) -ge ${before + 50} ]`);
  expect(await multicast()).toBe(before + 50);
  await guest.run(`/usr/bin/ip link set ${device} allmulticast off`);
});

test('while the interface is down its counters still show', async () => {
  const before = await counters();
  await guest.run(`/usr/bin/ip link set ${device} down`);
  const down = await counters();
  expect(down.tx_packets).toBeGreaterThanOrEqual(before.tx_packets ?? Number.NaN);
  await guest.run(`/usr/bin/ip link set ${device} up`);
  await guest.linkUp();
});

test('after all this the kernel has no complaint', async () => {
  expect(await guest.complaints()).toEqual([]);
});
