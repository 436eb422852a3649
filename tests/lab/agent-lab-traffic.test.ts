// The lab's agent on a real guest: traffic of every kind as the card then counts it, drivers swapped, a card reset, and a crash that is the last word.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Arguments } from '../../main/common/protocol.ts';
import type { GuestAgent } from '../support/guest-agents.ts';
import { GuestShell } from '../support/guest-shell.ts';
import { runPiped } from '../support/piped-agent.ts';

const underTest = '0000:01:00.0';
const partner = '0000:02:00.0';
const frames = 400;
let guest: GuestShell;
let agent: GuestAgent;

beforeAll(async () => {
  guest = await GuestShell.boot('test-agent-lab-traffic');
  agent = await guest.agents.next();
  await agent.do('load-module', {});
  await guest.linkUp();
  await agent.event('partner', ({ carrier }) => carrier === true);
  await agent.event('devices', ({ devices }) =>
    devices.some(({ administrativeUp, carrier }) => administrativeUp === true && carrier === true),
  );
});
afterAll(() => guest?.[Symbol.asyncDispose]());

/** A counter of `ethtool -S`, summed over all that match. */
async function counted(pattern: RegExp): Promise<number> {
  const lines = (await guest.run('ethtool -S eth0')).split('\n').map((line) => /^\s*(\S+): (\d+)$/.exec(line));
  return lines.reduce((sum, found) => sum + (found && pattern.test(found[1] ?? '') ? Number(found[2]) : 0), 0);
}

/** Sends so many frames, and resolves when the last one has left. */
async function send(more: Partial<Arguments<'traffic'>>): Promise<number> {
  const asked = { running: true, direction: 'receive', framesPerSecond: 2000, frameBytes: 256, frames, ...more } as const;
  await agent.do('traffic', asked);
  const told = await agent.event('traffic', ({ running, sentFrames }) => !running && sentFrames > 0);
  expect(told).toMatchObject({ reason: null, flows: asked.flows ?? 254, burst: asked.burst ?? 1, damage: asked.damage ?? null });
  return told.sentFrames;
}

/** By how much a counter grows, once it has stopped doing so. */
async function growth(pattern: RegExp, run: () => Promise<unknown>): Promise<number> {
  const before = await counted(pattern);
  await run();
  let after = await counted(pattern);
  for (let last = -1; after !== last; after = await counted(pattern)) last = after;
  return after - before;
}

const queue = (index: number) => new RegExp(`^rx_queue_${index}_packets$`);

test('one flow fills one queue, and many are spread over all of them', async () => {
  const one = await growth(/^rx_queue_\d+_packets$/, async () => {
    const spread = [await growth(queue(0), () => send({ flows: 1 })), await growth(queue(0), () => send({ flows: 1 }))];
    expect(spread.every((count) => count === 0 || count >= frames)).toBe(true);
  });
  expect(one).toBeGreaterThanOrEqual(2 * frames);
  expect(await growth(queue(1), () => send({ flows: 64 }))).toBeGreaterThan(frames / 10);
  expect(await growth(queue(0), () => send({ flows: 64 }))).toBeGreaterThan(frames / 10);
});

test('bursts leave the number of frames and the rate as they are', async () => {
  const begun = Date.now();
  expect(await growth(/^rx_packets$/, () => send({ burst: 16 }))).toBeGreaterThanOrEqual(frames);
  expect(Date.now() - begun).toBeGreaterThan((1000 * frames) / 2000 / 2);
});

test.each(['ip-checksum', 'udp-checksum', 'tcp-checksum'] as const)('the card flags every frame with a wrong %s', async (damage) => {
  expect(await growth(/^rx_queue_\d+_csum_err$/, () => send({ damage, frameBytes: 61 }))).toBe(frames);
});

test('a truncated frame arrives whole as the card sees it, and has no wrong checksum', async () => {
  const errors = await growth(/csum_err$/, async () => {
    expect(await growth(/^rx_packets$/, () => send({ damage: 'truncated' }))).toBeGreaterThanOrEqual(frames);
  });
  expect(errors).toBe(0);
});

test('a frame that is too long for the MTU is dropped, and with jumbo frames it arrives', async () => {
  expect(await growth(/^rx_packets$/, () => send({ frameBytes: 9014 }))).toBeLessThan(frames / 10);
  await agent.do('set-mtu', { mtu: 9000 });
  await guest.linkUp();
  await agent.event('partner', ({ mtu, carrier }) => mtu === 9000 && carrier === true);
  expect(await growth(/^rx_packets$/, () => send({ frameBytes: 9014 }))).toBeGreaterThanOrEqual(frames);
  await agent.do('set-mtu', { mtu: 1500 });
  await guest.linkUp();
  await agent.event('partner', ({ mtu, carrier }) => mtu === 1500 && carrier === true);
});

test('samples count the partner’s port beside the one under test while it is observed', async () => {
  await agent.do('sample', { hz: 2 });
  await agent.do('observe', { device: partner, hz: 1 });
  const { counters } = await agent.event('table', (table) => table.counters.some((counter) => counter.interface.startsWith('partner/')));
  const netdev = counters.filter(({ source, name }) => source === 'netdev' && name === 'tx_packets').map((counter) => counter.interface);
  expect(netdev).toEqual(['eth0', 'partner/eth0']);
  await agent.do('observe', { device: partner, hz: 0 });
  await agent.event('table', (table) => table.counters.every((counter) => !counter.interface.startsWith('partner/')));
  await agent.do('sample', { hz: 0 });
});

test('a reset is confirmed first, and rigb carries frames after it', async () => {
  const refusal = await agent.refused('reset-device', { device: underTest, confirmed: false });
  expect(refusal).toMatchObject({ code: 'needs-confirmation', message: expect.stringContaining('loses its link') });
  await agent.do('reset-device', { device: underTest, confirmed: true });
  await guest.until('dmesg | grep -q "the function was reset"');
  await guest.linkUp();
  expect(await growth(/^rx_packets$/, () => send({}))).toBeGreaterThan(frames / 2);
});

test('the partner’s port is left to nobody, then to rigb, and frames go both ways', async () => {
  await agent.do('set-driver', { device: partner, driver: null });
  await agent.event('partner', (told) => told.interface === null);
  await agent.do('set-driver', { device: partner, driver: 'rigb' });
  const told = await agent.event('partner', ({ carrier }) => carrier === true);
  expect(told).toMatchObject({ device: partner, mac: '52:54:00:00:00:02', administrativeUp: true });
  const sent = await growth(/^tx_packets$/, async () => {
    expect(await growth(/^rx_packets$/, () => send({ direction: 'both' }))).toBeGreaterThan(frames / 2);
  });
  expect(sent).toBeGreaterThan(frames / 2);
});

test('the port under test goes to igb, which then is under test, and back to rigb', async () => {
  const has = (driver: string) =>
    agent.event('devices', ({ devices }) =>
      devices.some((one) => one.pciAddress === underTest && one.driver === driver && one.carrier === true),
    );
  await agent.do('set-driver', { device: underTest, driver: 'igb' });
  await has('igb');
  expect(await growth(/^rx_packets$/, () => send({}))).toBeGreaterThan(frames / 2);
  await agent.do('set-driver', { device: underTest, driver: 'rigb' });
  await has('rigb');
});

test('what cannot be done is refused with its reason', async () => {
  expect(await agent.refused('set-driver', { device: '0000:00:00.0', driver: 'igb' })).toMatchObject({ code: 'no-such-device' });
  await agent.do('set-driver', { device: partner, driver: 'igb' });
  await agent.do('unload-module', {});
  const refusal = await agent.refused('set-driver', { device: underTest, driver: 'rigb' });
  expect(refusal).toMatchObject({ code: 'not-available', message: 'rigb is not loaded.', remedy: 'Load the driver first.' });
});

test('an agent that was not told that this is a lab does nothing of it', async () => {
  const { messages } = await runPiped(guest, 'ringscope-agent serve', [
    { verb: 'hello', arguments: { protocol: 1, application: 'test' } },
    { verb: 'set-driver', arguments: { device: underTest, driver: 'igb' } },
    { verb: 'crash', arguments: { confirmed: true } },
  ]);
  const refusals = messages.filter(({ type, ok }) => type === 'reply' && ok === false);
  expect(refusals).toMatchObject([{ error: { code: 'not-available' } }, { error: { code: 'not-available' } }]);
  expect(JSON.stringify(refusals)).toContain('--lab');
});

test('the kernel has had nothing to complain of', async () => {
  expect(await guest.complaints()).toEqual([]);
});

test('a crash is confirmed first, and then the kernel’s last words say that it panicked', async () => {
  expect(await agent.refused('crash', { confirmed: false })).toMatchObject({ code: 'needs-confirmation' });
  const ended = new Promise<string>((resolve) => {
    guest.target.onState(({ phase, reason }) => phase === 'failed' && resolve(`${reason?.title}: ${reason?.detail}`));
  });
  await agent.do('crash', { confirmed: true });
  expect(await ended).toMatch(/kernel panicked: .*sysrq triggered crash/);
});
