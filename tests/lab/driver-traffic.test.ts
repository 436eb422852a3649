import { afterAll, beforeAll, expect, test } from 'vitest';
import { GuestShell } from '../support/guest-shell.ts';

let guest: GuestShell;

beforeAll(async () => {
  guest = await GuestShell.boot('test-driver-traffic');
  await guest.loadDriver();
});
afterAll(() => guest?.[Symbol.asyncDispose]());

const counter = async (name: string): Promise<number> => {
  const text = await guest.run('cat /proc/driver/network_stats');
  const value = new RegExp(`^${name}: (\\d+)$`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`network_stats has no ${name}:\n${text}`);
  return Number(value);
};

test('a hundred pings to the partner all come back', async () => {
  expect(await guest.run('/usr/bin/ping -q -c 100 -i 0.02 192.0.2.2')).toContain('100 packets transmitted, 100 received, 0% packet loss');
});

test('a flood of twenty thousand pings of 1400 bytes loses none', async () => {
  const output = await guest.run('/usr/bin/ping -q -f -c 20000 -s 1400 192.0.2.2 < /dev/null', { limitMs: 280_000 });
  expect(output).toContain('20000 packets transmitted, 20000 received, 0% packet loss');
}, 300_000);

test('a gibibyte from the partner arrives complete, every frame counted', async () => {
  const frames = 4000;
  const bursts = Math.ceil(2 ** 30 / 1514 / frames);
  const [before, bytesBefore] = [await counter('RX packets'), await counter('RX bytes')];
  // The emulated wire knows no pause frames, so no burst is larger than the ring: what is lost then was lost by the driver.
  await guest.run('/usr/sbin/ethtool -G $(ls /sys/bus/pci/devices/0000:01:00.0/net) rx 4096');
  await guest.linkUp();
  await guest.run(
    [
      'cat > /tmp/gibibyte <<"END"',
      'received() { sed -n "s/^RX packets: //p" /proc/driver/network_stats; }',
      'device=$(ip -o link show | sed -n "s/^[0-9]*: \\(eth[0-9]*\\).*/\\1/p" | head -n 1)',
      'echo "add_device $device" > /proc/net/pktgen/kpktgend_0',
      `for setting in "count ${frames}" "pkt_size 1514" "dst_mac 52:54:00:00:00:01" "dst 192.0.2.1"; do echo "$setting" > /proc/net/pktgen/$device; done`,
      `expected=${before}`,
      `burst=0; while [ $burst -lt ${bursts} ]; do`,
      '  echo start > /proc/net/pktgen/pgctrl',
      `  expected=$((expected + ${frames})); tries=0`,
      '  while [ $(received) -lt $expected ]; do tries=$((tries+1)); [ $tries -lt 1000 ] || { echo "burst $burst: $(received) of $expected"; exit 1; }; usleep 5000; done',
      '  burst=$((burst+1))',
      'done',
      'echo rem_device_all > /proc/net/pktgen/kpktgend_0',
      'END',
      '/usr/bin/ip netns exec partner sh /tmp/gibibyte',
    ].join('\n'),
    { limitMs: 280_000 },
  );
  expect((await counter('RX packets')) - before).toBeGreaterThanOrEqual(frames * bursts);
  expect((await counter('RX bytes')) - bytesBefore).toBeGreaterThan(2 ** 30);
  expect(await counter('Errors')).toBe(0);
  expect(await counter('RX dropped')).toBe(0);
}, 300_000);

test('ring sizes change under traffic and the interface goes on', async () => {
  await guest.run('/usr/bin/ping -q -f 192.0.2.2 > /dev/null 2>&1 &');
  for (const [rx, tx] of [
    [4096, 4096],
    [128, 128],
    [300, 200],
    [256, 256],
  ]) {
    await guest.run(`/usr/sbin/ethtool -G $(ls /sys/bus/pci/devices/0000:01:00.0/net) rx ${rx} tx ${tx}`);
    await guest.linkUp();
  }
  await guest.run('killall ping', { allowFailure: true });
  expect(await guest.run('/usr/bin/ping -q -c 10 -i 0.05 -W 3 192.0.2.2')).toContain(' 0% packet loss');
});

test('frames as long as the largest MTU pass', async () => {
  await guest.run(
    '/usr/bin/ip link set $(ls /sys/bus/pci/devices/0000:01:00.0/net) mtu 3000; ip=/usr/bin/ip; $ip -n partner link set eth0 mtu 3000',
  );
  // The partner's driver takes its link down for this.
  await guest.partnerUp();
  expect(await guest.run('/usr/bin/ping -q -c 10 -i 0.2 -W 5 -s 2972 -M do 192.0.2.2')).toContain(' 0% packet loss');
});

test('everyone may read the statistics, only root the rings', async () => {
  expect((await guest.run('stat -c %a /proc/driver/network_stats')).trim()).toBe('444');
  const files = ['rings/rx0', 'rings/tx0', 'registers', 'vectors'].map((name) => `/sys/kernel/debug/rigb/0000:01:00.0/${name}`);
  expect((await guest.run(`stat -c %a ${files.join(' ')}`)).trim().split('\n')).toEqual(['400', '400', '400', '400']);
});

test('after all this the kernel has no complaint', async () => {
  expect(await guest.complaints()).toEqual([]);
});
