// A card that the in-tree driver has is observed, taken over, and given back as it was: when asked, when the pipe ends, and after the agent was killed.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GuestAgent } from '../support/guest-agents.ts';
import { GuestShell } from '../support/guest-shell.ts';
import { answered, runPiped } from '../support/piped-agent.ts';

const device = '0000:01:00.0';
const sysfs = `/sys/bus/pci/devices/${device}`;
const ip = '/usr/bin/ip -color=never';
let guest: GuestShell;
let agent: GuestAgent;
let before: string;

/** Everything of the machine that must be as it was: driver, interface, addresses, routes. */
async function machine(): Promise<string> {
  const text = await guest.run(
    [
      `readlink ${sysfs}/driver; cat ${sysfs}/driver_override; ls ${sysfs}/net`,
      `${ip} -o link show dev port0 | sed 's/^[0-9]*: //; s/qdisc [a-z_]*//; s/state [A-Z]*//; s/,NO-CARRIER//; s/NO-CARRIER,//; s/,LOWER_UP//'`,
      `${ip} -o addr show dev port0 | sed 's/^[0-9]*: //; s/[0-9]*sec/sec/g' | sort`,
      `${ip} route show | sed 's/ linkdown//' | sort; ${ip} -6 route show | sed 's/ linkdown//; s/[0-9]*sec/sec/' | sort`,
      'grep -c "^rigb " /proc/modules || true; ls /run/ringscope 2>/dev/null || true',
    ].join('; '),
  );
  return text;
}

const until = (condition: string) => guest.until(condition, 20);

/** Waits until IPv6 has found that nobody else has its addresses, which is a state of its own in what `ip` prints. */
const settled = () => until(`! ${ip} -6 addr show dev port0 | grep -q tentative`);

beforeAll(async () => {
  guest = await GuestShell.boot('test-device-control');
  await guest.run(`echo > ${sysfs}/driver_override; echo ${device} > /sys/bus/pci/drivers_probe`);
  await until(`${ip} addr show dev eth0 | grep -q 192.0.2.1`);
  await guest.run(
    [
      `${ip} link set eth0 down; ${ip} link set eth0 name port0; ${ip} link set port0 mtu 1400 up`,
      `${ip} addr add 10.9.8.7/24 dev port0; ${ip} addr add 10.9.8.9/32 peer 10.9.9.9 dev port0; ${ip} -6 addr add fd00:9::7/64 dev port0 nodad`,
      `${ip} route add 198.51.100.0/24 via 10.9.8.1 metric 7 mtu 1300; ${ip} route add 203.0.113.0/24 dev port0 src 10.9.8.7`,
      `${ip} -6 route add fd00:a::/64 via fd00:9::1; ${ip} -6 route add fd00:b::/64 via fd00:9::1 proto ra expires 3000`,
      `${ip} addr add 10.9.8.8/24 dev port0 valid_lft 3000 preferred_lft 2000`,
    ].join('; '),
  );
  await guest.linkUp();
  await settled();
  agent = await guest.agents.next();
  before = await machine();
  process.stdout.write(before);
});
afterAll(() => guest?.[Symbol.asyncDispose]());

test('the in-tree driver is observed as it is, and what it does not offer says so', async () => {
  await agent.do('observe', { device, hz: 5 });
  const first = await agent.event('observation', ({ link }) => link.values?.speedMbps === 1000);
  process.stdout.write(`${JSON.stringify({ ...first, ethtoolStatistics: first.ethtoolStatistics.items.length })}\n`);
  const kinds = first.queues.items.map(({ kind, id }) => `${kind}${id}`);
  expect(kinds).toEqual(expect.arrayContaining(['rx0', 'tx0']));
  const napiIds = new Set(first.napis.items.map(({ id }) => id));
  expect(napiIds.size).toBeGreaterThan(0);
  for (const { napiId } of first.queues.items) expect(napiIds).toContain(napiId);
  for (const { irq, threaded } of first.napis.items) {
    expect(first.pcie.msiVectors).toContain(irq);
    expect(threaded).toBe(false);
  }
  expect(first.queueStatistics).toEqual({ items: [], reason: 'igb offers no queue statistics.' });
  const names = first.ethtoolStatistics.items.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['rx_packets', 'tx_packets', 'rx_queue_0_packets']));
  expect(first.rings.values).toEqual({ rx: 256, rxMax: 4096, tx: 256, txMax: 4096 });
  expect(first.channels.values).toMatchObject({ other: 1, otherMax: 1, rx: 0, tx: 0 });
  expect(first.channels.values?.combined).toBe(first.queues.items.filter(({ kind }) => kind === 'rx').length);
  expect(first.coalesce.values).toHaveProperty('rx-usecs');
  expect(first.link.values).toEqual({ autonegotiation: true, speedMbps: 1000, duplex: 'full', port: 'twisted pair' });
  const receiveQueues = kinds.filter((kind) => kind.startsWith('rx')).map((kind) => Number(kind.slice(2)));
  expect(first.rss?.values?.indirection).toHaveLength(128);
  expect([...new Set(first.rss?.values?.indirection)].sort()).toEqual(receiveQueues.sort());
  expect(first.rss?.values).toMatchObject({ hashFunction: 'toeplitz', key: expect.stringMatching(/^([0-9a-f]{2}){40}$/) });
  expect(first.byteQueueLimits?.items.map(({ id }) => `tx${id}`)).toEqual(kinds.filter((kind) => kind.startsWith('tx')));
  expect(first.pcie.width).toBeGreaterThan(0);
  expect(first.pcie.speed).toContain('GT/s');
});

test('what the driver prints by ethtool is what is told, and moves with traffic', async () => {
  const value = async () => {
    // What does not move is not told again unless asked for.
    await agent.do('observe', { device, hz: 5 });
    const { ethtoolStatistics } = await agent.event('observation');
    return ethtoolStatistics.items.find(({ name }) => name === 'tx_packets')?.value ?? Number.NaN;
  };
  const start = await value();
  await guest.run('/usr/bin/ping -q -c 20 -i 0.02 192.0.2.2');
  await agent.event('observation', ({ ethtoolStatistics }) =>
    ethtoolStatistics.items.some(({ name, value: now }) => name === 'tx_packets' && now >= start + 20),
  );
});

test('observing makes the driver read its card once a second at the most, and the cost says so', async () => {
  await agent.do('observe', { device, hz: 10 });
  await agent.do('cost', {});
  await agent.event('cost');
  // Each answers the one before, so that counters move, and what moves is told.
  for (let seen = 0; seen < 4; seen++) {
    await guest.run('/usr/bin/ping -q -c 2 -i 0.5 192.0.2.2');
    await agent.event('observation');
  }
  await agent.do('cost', {});
  const { mmioReadsPerSecond } = await agent.event('cost');
  process.stdout.write(`observing igb at 10 Hz: ${mmioReadsPerSecond.toFixed(1)} register reads a second\n`);
  expect(mmioReadsPerSecond).toBeGreaterThan(40);
  expect(mmioReadsPerSecond).toBeLessThan(110);
  await agent.do('observe', { device, hz: 0 });
});

test('a device is not taken without the module, nor without asking when something depends on it', async () => {
  expect(await agent.refused('take-device', { device, confirmed: true })).toMatchObject({
    code: 'not-available',
    message: 'rigb is not loaded.',
  });
  await agent.do('load-module', {});
  expect(await agent.refused('take-device', { device: '0000:02:00.0', confirmed: true })).toMatchObject({ code: 'not-available' });
  await guest.run(`${ip} route add default via 10.9.8.1`);
  const refusal = await agent.refused('take-device', { device, confirmed: false });
  expect(refusal).toMatchObject({ code: 'needs-confirmation', message: 'port0 carries the default route through 10.9.8.1.' });
  await guest.run(`${ip} link set port0 mtu 1401; ${ip} link set port0 mtu 1400`);
  const { devices } = await agent.event('devices', ({ devices: told }) => told.some(({ holds }) => holds.length > 0));
  expect(devices.find(({ pciAddress }) => pciAddress === device)?.holds).toEqual([
    { what: 'default-route', detail: 'port0 carries the default route through 10.9.8.1.' },
  ]);
  expect(await guest.run(`readlink ${sysfs}/driver`)).toContain('/igb');
});

test('a connection to the ssh port through the interface must be confirmed too, and is named by its peer', async () => {
  await guest.run('tail -f /dev/null | nc -l -p 22 > /dev/null 2>&1 &');
  await until("grep -q ':0016 .*:0000 0A' /proc/net/tcp /proc/net/tcp6");
  await guest.run('tail -f /dev/null | /usr/bin/ip netns exec partner /bin/busybox nc 192.0.2.1 22 > /dev/null 2>&1 &');
  await until("grep -q ':0016 .* 01 ' /proc/net/tcp /proc/net/tcp6");
  const refusal = await agent.refused('take-device', { device, confirmed: false });
  expect(refusal.code).toBe('needs-confirmation');
  expect(refusal.message).toBe('port0 carries the default route through 10.9.8.1. The ssh connection of 192.0.2.2 goes through port0.');
  await guest.run('killall nc', { allowFailure: true });
});

test('a confirmed device goes over with name, addresses and routes, passes traffic, and comes back as it was', async () => {
  await agent.do('take-device', { device, confirmed: true });
  const { devices: taken } = await agent.event('taken', ({ devices }) => devices.length === 1);
  expect(taken[0]).toMatchObject({ device, previousDriver: 'igb', previousInterface: 'port0' });
  expect(taken[0]?.addresses).toEqual(expect.arrayContaining(['192.0.2.1/24', '10.9.8.7/24', 'fd00:9::7/64']));
  await agent.event('devices', ({ devices }) => devices.some(({ driver, interface: name }) => driver === 'rigb' && name === 'port0'));
  await guest.linkUp();
  expect(await guest.run('/usr/bin/ping -q -c 10 -i 0.05 -W 3 192.0.2.2')).toContain(' 0% packet loss');
  expect(await guest.run(`${ip} route get 198.51.100.9`)).toContain('via 10.9.8.1 dev port0');
  expect(await guest.run(`cat /sys/class/net/port0/mtu`)).toBe('1400\n');
  await agent.do('observe', { device, hz: 2 });
  const seen = await agent.event('observation');
  expect(seen.queueStatistics.reason).toBeNull();
  const counted = seen.queueStatistics.items.filter(({ kind }) => kind === 'rx').map(({ values }) => Number(values['rx-packets']));
  expect(counted.reduce((total, packets) => total + packets, 0)).toBeGreaterThanOrEqual(10);
  await agent.do('observe', { device, hz: 0 });
  expect(await agent.refused('take-device', { device, confirmed: true })).toMatchObject({ code: 'failed' });
  expect(await agent.refused('unload-module', {})).toMatchObject({ code: 'busy' });
  await agent.do('release-device', { device });
  await agent.event('taken', ({ devices }) => devices.length === 0);
  await guest.run(`${ip} route del default via 10.9.8.1`);
  await agent.do('unload-module', {});
  await guest.linkUp();
  await settled();
  expect(await machine()).toBe(before);
});

test('what a killed agent has left is given back by the next one before it says hello', async () => {
  await agent.do('load-module', {});
  await agent.do('take-device', { device, confirmed: false });
  expect(await guest.run('ls -ln /run/ringscope')).toMatch(/-rw------- .* 0 +0 .* taken\.json/);
  await guest.run('killall -9 ringscope-agent');
  await agent.ended;
  agent = await guest.agents.next();
  const { severity, text } = await agent.event('notice', ({ code }) => code === 'restored');
  process.stdout.write(`${text}\n`);
  expect({ severity, text }).toEqual({
    severity: 'info',
    text: `An agent that was killed had taken ${device}: igb drives it again, as port0.`,
  });
  await guest.linkUp();
  await settled();
  expect(await machine()).toBe(before);
});

test('a pipe that closes gives everything back, and so does a signal', async () => {
  for (const end of [() => agent.client.close(), () => guest.run('killall -TERM ringscope-agent')]) {
    await agent.do('load-module', {});
    await agent.do('take-device', { device, confirmed: false });
    expect(await guest.run(`readlink ${sysfs}/driver`)).toContain('/rigb');
    await end();
    await agent.ended;
    await until('! grep -q "^rigb " /proc/modules');
    agent = await guest.agents.next();
    await guest.linkUp();
    await settled();
    expect(await machine()).toBe(before);
  }
});

const hello = { verb: 'hello', arguments: { protocol: 1, application: 'test' } } as const;

test('a pipe that ends in the middle of taking gives everything back too', async () => {
  const end = await runPiped(guest, 'ringscope-agent serve', [
    hello,
    { verb: 'load-module', arguments: {} },
    { verb: 'take-device', arguments: { device, confirmed: false }, until: '[ -e /run/ringscope/taken.json ]' },
  ]);
  expect(end).toMatchObject({ status: 0, errorText: '' });
  await guest.linkUp();
  await settled();
  expect(await machine()).toBe(before);
});

test('a framing that is lost gives everything back, and the agent says why it ended', async () => {
  const end = await runPiped(guest, 'ringscope-agent serve', [
    hello,
    { verb: 'load-module', arguments: {} },
    { verb: 'take-device', arguments: { device, confirmed: false } },
    { verb: '', arguments: {}, bytes: 'ff'.repeat(12), until: answered(3) },
  ]);
  expect(end.status).toBe(1);
  expect(end.errorText).toContain('(oversized)');
  await guest.linkUp();
  await settled();
  expect(await machine()).toBe(before);
});

test('an agent that is killed in the middle of taking is cleaned up after as well', async () => {
  // The guest's own agent is killed with it; the one that follows restores before it says hello.
  await runPiped(guest, 'ringscope-agent serve', [
    hello,
    { verb: 'load-module', arguments: {} },
    {
      verb: 'take-device',
      arguments: { device, confirmed: false },
      until: '[ -e /run/ringscope/taken.json ] && killall -9 ringscope-agent',
    },
  ]);
  await agent.ended;
  agent = await guest.agents.next();
  await agent.event('notice', ({ code }) => code === 'restored');
  await guest.linkUp();
  await settled();
  expect(await machine()).toBe(before);
});

test('a device under traffic is taken and given back without a complaint of the kernel', async () => {
  // In a subshell: the console's own shell says of its jobs when they end, between the lines of whatever it runs then.
  await guest.run(`(${ip} netns exec partner /usr/bin/ping -q -f 192.0.2.1 > /dev/null 2>&1 < /dev/null &)`);
  await agent.do('load-module', {});
  for (let round = 0; round < 3; round++) {
    await agent.do('take-device', { device, confirmed: false });
    await guest.linkUp();
    expect(await guest.run('/usr/bin/ping -q -c 3 -i 0.2 -W 3 192.0.2.2')).toContain(' 0% packet loss');
    await agent.do('release-device', { device });
    await guest.linkUp();
  }
  await guest.run('killall ping', { allowFailure: true });
  await agent.do('unload-module', {});
  await settled();
  expect(await machine()).toBe(before);
  expect(await guest.complaints()).toEqual([]);
});

test('only one agent at a time takes devices, and another one does not take them for left behind', async () => {
  await agent.do('load-module', {});
  await agent.do('take-device', { device, confirmed: false });
  const other = await runPiped(guest, 'ringscope-agent serve', [
    hello,
    { verb: 'release-device', arguments: { device } },
    { verb: 'take-device', arguments: { device: '0000:02:00.0', confirmed: true } },
  ]);
  const refusals = other.messages.filter(({ type, ok }) => type === 'reply' && ok === false);
  expect(refusals.map(({ error }) => (error as { code: string }).code)).toEqual(['not-available', 'not-available']);
  expect(other.messages.filter(({ type }) => type === 'notice')).toEqual([]);
  expect(await guest.run(`readlink ${sysfs}/driver`)).toContain('/rigb');
  await agent.do('release-device', { device });
  await agent.do('unload-module', {});
  await guest.linkUp();
  await settled();
  expect(await machine()).toBe(before);
});

test('an agent that observes refuses to take, and tells of the same device', async () => {
  const { messages } = await runPiped(guest, 'ringscope-agent serve --observe', [
    hello,
    { verb: 'take-device', arguments: { device, confirmed: true } },
    { verb: 'observe', arguments: { device, hz: 10 }, until: 'grep -q \'"type":"observation"\' $out' },
  ]);
  expect(messages.find(({ type }) => type === 'hello')).toMatchObject({ role: 'observe' });
  expect(messages.filter(({ type, ok }) => type === 'reply' && ok === false)).toMatchObject([{ error: { code: 'no-permission' } }]);
  expect(messages.find(({ type }) => type === 'observation')).toMatchObject({ device, rings: { values: { rx: 256 } } });
});

test('a card that is pulled out ends its observation with a notice, and the kernel has nothing to complain of', async () => {
  await agent.do('observe', { device, hz: 10 });
  await agent.event('observation');
  await guest.target.monitor?.execute('device_del', { id: 'port-0' });
  const notice = await agent.event('notice', ({ code }) => code === 'observation-ended');
  expect(notice.text).toContain(device);
  const log = await guest.run('dmesg | tail -n 40');
  process.stdout.write(log);
  expect(await guest.complaints()).toEqual([]);
});
