// Errors of the bus (AER) as QEMU's root port reports them, alone, after and among all else that resets a port. QEMU's card cannot report any itself: its
// Device Control register has no bits for it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GuestShell } from '../support/guest-shell.ts';

const device = '/sys/bus/pci/devices/0000:01:00.0';
const errors = { fatal: 'DLP', 'not fatal': 'POISON_TLP' };

let guest: GuestShell;
let base: number;
const complaints: string[] = [];

beforeAll(async () => {
  // The card's registers can be written from the guest's shell, to make the card ask for a reset. One CPU: QEMU ends (iotlb_to_section: Assertion) when one reads
  // a register while another's reset of the card or its slot takes the registers away, once in some hundred resets; processes race on one CPU, too.
  guest = await GuestShell.boot('test-driver-errors', 'iomem=relaxed', undefined, ['-smp', '1']);
  // Whoever waits for longer than ten seconds waits for ever.
  await guest.run('echo 10 > /proc/sys/kernel/hung_task_timeout_secs; echo 2 > /proc/sys/kernel/hung_task_check_interval_secs; dmesg -n 1');
  await guest.loadDriver();
  base = Number((await guest.run(`head -n 1 ${device}/resource`)).split(' ')[0]);
});
afterAll(() => guest?.[Symbol.asyncDispose]());

/**
 * Makes the bus report an error, and waits until the kernel is done with it. One that comes while the kernel still clears the status of the one before is not
 * told to it, so it is reported again when nothing follows for ten seconds.
 */
async function report(error: keyof typeof errors): Promise<void> {
  const before = Number(await recoveries());
  for (let attempt = 0; attempt < 3; attempt++) {
    expect(await guest.target.monitor?.human(`pcie_aer_inject_error root-port-0 ${errors[error]}`)).toContain('OK');
    const ended = await guest.run(
      `end=$(($(cut -d. -f1 /proc/uptime) + 10)); until [ $(dmesg | grep -c "AER: device recovery") -gt ${before} ]; do [ $(cut -d. -f1 /proc/uptime) -lt $end ] || break; usleep 50000; done; dmesg | grep -c "AER: device recovery" || true`,
    );
    if (Number(ended) > before) return;
  }
  throw new Error(`The kernel recovers from no error any more:\n${await guest.run('dmesg | grep -i aer | tail -n 20')}`);
}
const recoveries = () => guest.run('dmesg | grep -c "AER: device recovery" || true');

async function twoWayTraffic(): Promise<void> {
  await guest.run('(/usr/bin/ping -q -f 192.0.2.2 > /dev/null 2>&1 &)');
  await guest.run('(/usr/bin/ip netns exec partner /usr/bin/ping -q -f 192.0.2.1 > /dev/null 2>&1 &)');
}
const endOfTraffic = () => guest.run('killall ping 2> /dev/null || true');
async function framesFlow(): Promise<void> {
  await guest.linkUp();
  expect(await guest.run('/usr/bin/ping -q -c 10 -i 0.05 192.0.2.2')).toContain('10 packets transmitted, 10 received');
}

async function counters(): Promise<Map<string, number>> {
  const text = await guest.run('cd /sys/class/net/eth0/statistics; for name in *; do echo $name $(cat $name); done');
  return new Map(
    text
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([name, count]) => [String(name), Number(count)]),
  );
}
async function noneWentBack(before: Map<string, number>): Promise<void> {
  const after = await counters();
  expect([...before].filter(([name, count]) => !((after.get(name) ?? -1) >= count))).toEqual([]);
}

/** The log since the last call. */
async function log(): Promise<string> {
  complaints.push(...(await guest.complaints()));
  return guest.run('dmesg -c');
}

test('an error that is not fatal leaves the port at work', async () => {
  await twoWayTraffic();
  await log();
  await report('not fatal');
  await endOfTraffic();
  const said = await log();
  expect(said).toContain('the bus reports an error that is not fatal; the port works on');
  expect(said).toContain('AER: device recovery successful');
  expect(said).not.toMatch(/link (up|down)/);
  await framesFlow();
});

test('a fatal error under two-way traffic costs a moment, not the address, the size of frames, or a count', async () => {
  await guest.run('/usr/bin/ip link set eth0 mtu 3000 address 52:54:00:00:00:21');
  await guest.run('/usr/bin/ip -n partner link set eth0 mtu 3000');
  await guest.linkUp();
  await twoWayTraffic();
  await log();
  const before = await counters();
  await report('fatal');
  await guest.linkUp();
  await noneWentBack(before);
  await endOfTraffic();
  expect(await guest.run('/usr/bin/ping -q -c 20 -i 0.05 -s 2900 -M do 192.0.2.2')).toContain('20 packets transmitted, 20 received');
  const said = await log();
  expect(said).toContain('the port has recovered from the bus error');
  expect(said).toContain('AER: device recovery successful');
});

test('a port recovers as well when it was taken down and up before, its rings and queues changed, its function reset, and from one error after another', async () => {
  await twoWayTraffic();
  const before = await counters();
  for (const command of [
    'ip link set eth0 down; ip link set eth0 up',
    'ethtool -G eth0 rx 512 tx 128; ethtool -L eth0 combined 3',
    `echo 1 > ${device}/reset`,
    'true',
  ]) {
    await guest.run(command);
    await report('fatal');
    await framesFlow();
  }
  await endOfTraffic();
  await noneWentBack(before);
  expect((await log()).match(/the port has recovered from the bus error/g)).toHaveLength(4);
});

test('an interface that was down when the error came stays down, and can be set up', async () => {
  await guest.run('/usr/bin/ip link set eth0 down');
  await report('fatal');
  expect(await guest.run('cat /sys/class/net/eth0/operstate')).toBe('down\n');
  await guest.run('/usr/bin/ip link set eth0 up');
  await framesFlow();
});

test('a port recovers from errors during which somebody resets its function again and again', async () => {
  // The reset gets the device between the error and the reset of the slot, then between that and its end. What it saves then and restores later is nothing.
  await guest.run(
    `(while [ ! -e /tmp/stop ]; do echo 1 > ${device}/reset; done; touch /tmp/stopped) & until dmesg | grep -q "function was reset"; do usleep 50000; done`,
  );
  for (let round = 0; round < 4; round++) await report('fatal');
  await guest.run('touch /tmp/stop; until [ -e /tmp/stopped ]; do usleep 50000; done; rm /tmp/stop');
  await framesFlow();
  const said = await log();
  expect(said).toMatch(/fatal error(.*\n)*.*function was reset(.*\n)*.*Root Port link has been reset/);
  expect(said).not.toContain('NETDEV WATCHDOG');
});

/** Each goes on until it is told to stop. */
const racers: Record<string, string> = {
  interface: 'ip link set eth0 down; ip link set eth0 up; usleep 100000',
  rings: 'ethtool -G eth0 rx 64 tx 64; ethtool -G eth0 rx 512 tx 512',
  queues: 'ethtool -L eth0 combined 1; ethtool -L eth0 combined 2',
  function: `echo 1 > ${device}/reset; usleep 200000`,
};

test('resets of every kind at once, under traffic, end with a port that works', async () => {
  // ICS: the card says that it has reset itself, which is answered like a transmit timeout; and a change of link, without which QEMU tells nobody.
  const all = { ...racers, card: `devmem 0x${(base + 0xc8).toString(16)} 32 0x40000004; usleep 150000` };
  const loops = Object.entries(all).map(
    ([name, command]) =>
      `((n=0; while [ ! -e /tmp/stop ]; do { ${command}; } > /dev/null 2>&1; n=$((n+1)); done; echo $n > /tmp/raced-${name}) < /dev/null &)`,
  );
  await twoWayTraffic();
  await guest.run(loops.join('\n'));
  for (let round = 0; round < 5; round++) {
    await report('fatal');
    await report('not fatal');
  }
  const names = Object.keys(all).map((name) => `/tmp/raced-${name}`);
  await guest.run(`touch /tmp/stop; until cat ${names.join(' ')} > /dev/null 2>&1; do usleep 50000; done`, { limitMs: 30_000 });
  const rounds = (await guest.run(`cat ${names.join(' ')}`)).trim().split('\n').map(Number);
  expect(Math.min(...rounds)).toBeGreaterThan(2);
  await endOfTraffic();
  await guest.run('/usr/bin/ip link set eth0 up');
  await framesFlow();
  expect(await log()).not.toMatch(/did not come up again|does not answer|NETDEV WATCHDOG/);
}, 120_000);

test('the driver is unloaded after all that, and the kernel has no complaint', async () => {
  await guest.run('rmmod rigb');
  await log();
  expect(complaints).toEqual([]);
});
