// The agent moves the interrupts of the device under test and sets their moderation, as /proc and ethtool then tell; what is not its business it refuses.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GuestAgent } from '../support/guest-agents.ts';
import { GuestShell } from '../support/guest-shell.ts';
import { runPiped } from '../support/piped-agent.ts';

const device = '0000:01:00.0';
const hello = { verb: 'hello', arguments: { protocol: 1, application: 'test' } } as const;
let guest: GuestShell;
let agent: GuestAgent;
let irqs: number[];
let name: string;

beforeAll(async () => {
  guest = await GuestShell.boot('test-agent-interrupts');
  agent = await guest.agents.next();
  await agent.do('load-module', {});
  await guest.linkUp();
  name = (await guest.run(`ls /sys/bus/pci/devices/${device}/net`)).trim();
  irqs = (await guest.run(`ls /sys/bus/pci/devices/${device}/msi_irqs`)).trim().split(/\s+/).map(Number);
  await agent.do('observe', { device, hz: 1 });
});
afterAll(() => guest?.[Symbol.asyncDispose]());

const served = async (irq: number) => (await guest.run(`cat /proc/irq/${irq}/smp_affinity_list`)).trim();
const moderation = async () => {
  const said = await guest.run(`/usr/sbin/ethtool -c ${name}`);
  const [, adaptiveRx, adaptiveTx] = /Adaptive RX: (\S+)\s+TX: (\S+)/.exec(said) ?? [];
  return { adaptiveRx, adaptiveTx, rxUsecs: /^rx-usecs:\s*(\S+)/m.exec(said)?.[1], txUsecs: /^tx-usecs:\s*(\S+)/m.exec(said)?.[1] };
};

test('samples tell how long each ksoftirqd ran', async () => {
  const { counters } = await agent.event('table', (table) => table.counters.some(({ source }) => source === 'ksoftirqd'));
  const threads = counters.filter(({ source }) => source === 'ksoftirqd').map(({ name: thread, unit }) => `${thread} ${unit}`);
  expect(threads).toEqual(['ksoftirqd/0 nanoseconds', 'ksoftirqd/1 nanoseconds']);
});

test('an observation tells the CPUs of every interrupt that the device has', async () => {
  const { affinity, pcie } = await agent.event('observation');
  expect(affinity?.items.map(({ irq }) => irq)).toEqual(pcie.msiVectors);
  for (const { irq, cpus, effective } of affinity?.items ?? []) {
    expect(cpus, `irq ${irq}`).toBe(await served(irq));
    expect(effective).toMatch(/^[01]$/);
  }
});

test('an interrupt goes to the CPU that was asked for, which /proc and the next observation tell', async () => {
  const [irq = 0] = irqs;
  for (const [cpus, list] of [
    [[1], '1'],
    [[0], '0'],
    [[1, 0], '0-1'],
  ] as const) {
    await agent.do('set-affinity', { device, irq, cpus: [...cpus] });
    expect(await served(irq)).toBe(list);
    await agent.event('observation', ({ affinity }) => affinity?.items.find((one) => one.irq === irq)?.cpus === list);
  }
});

test('an interrupt of another device, and CPUs that are not there, are refused and change nothing', async () => {
  const foreign = Number((await guest.run('ls /sys/bus/pci/devices/0000:02:00.0/msi_irqs | head -n 1')).trim());
  const before = await served(foreign);
  expect(await agent.refused('set-affinity', { device, irq: foreign, cpus: [0] })).toMatchObject({ code: 'no-such-device' });
  expect(await served(foreign)).toBe(before);
  const [irq = 0] = irqs;
  const refusal = await agent.refused('set-affinity', { device, irq, cpus: [7] });
  process.stdout.write(`${refusal.message}\n`);
  expect(refusal.code).toBe('not-available');
  expect(refusal.message).toContain('7');
  expect(await served(irq)).toBe('0-1');
});

test('moderation is set as ethtool then prints it, and told by the next observation', async () => {
  await agent.do('set-coalesce', { device, parameters: { 'adaptive-rx': false } });
  await agent.do('set-coalesce', { device, parameters: { 'rx-usecs': 125 } });
  expect(await moderation()).toEqual({ adaptiveRx: 'off', adaptiveTx: 'off', rxUsecs: '125', txUsecs: '125' });
  const { coalesce } = await agent.event('observation', (seen) => seen.coalesce.values?.['rx-usecs'] === 125);
  expect(coalesce.values).toMatchObject({ 'use-adaptive-rx': 0, 'use-adaptive-tx': 0, 'tx-usecs': 125 });
  await agent.do('set-coalesce', { device, parameters: { 'adaptive-rx': true } });
  expect(await moderation()).toMatchObject({ adaptiveRx: 'on', adaptiveTx: 'on' });
  await agent.event('observation', (seen) => seen.coalesce.values?.['use-adaptive-rx'] === 1);
});

test('what the driver refuses comes with its own words', async () => {
  const apart = await agent.refused('set-coalesce', { device, parameters: { 'rx-usecs': 10, 'tx-usecs': 20 } });
  expect(apart).toMatchObject({ code: 'failed', message: expect.stringContaining('both directions of a queue pair share a vector') });
  const long = await agent.refused('set-coalesce', { device, parameters: { 'rx-usecs': 9000 } });
  expect(long.message).toContain('at most 8191 microseconds');
});

test('what the driver does not offer is not asked of it', async () => {
  const refusal = await agent.refused('set-coalesce', { device: '0000:02:00.0', parameters: { 'adaptive-rx': true } });
  process.stdout.write(`${refusal.message}\n`);
  // In the lab its interface lives in another network namespace, which is a reason of its own.
  expect(refusal).toMatchObject({ code: 'not-available' });
});

test('an agent that observes tells affinity and changes neither', async () => {
  const { messages } = await runPiped(guest, 'ringscope-agent serve --observe', [
    hello,
    { verb: 'set-affinity', arguments: { device, irq: irqs[0], cpus: [0] } },
    { verb: 'set-coalesce', arguments: { device, parameters: { 'rx-usecs': 3 } } },
    { verb: 'observe', arguments: { device, hz: 1 }, until: 'grep -q \'"type":"observation"\' $out' },
  ]);
  const refusals = messages.filter(({ type, ok }) => type === 'reply' && ok === false);
  expect(refusals).toMatchObject([{ error: { code: 'no-permission' } }, { error: { code: 'no-permission' } }]);
  expect(messages.find(({ type }) => type === 'observation')).toMatchObject({ affinity: { reason: null } });
});

test('after all that the kernel has nothing to complain of', async () => {
  expect(await guest.complaints()).toEqual([]);
});
