// A register is written through the agent: seen in the next snapshot and in the kernel log; refused without confirmation, outside of the BAR, and by an agent that was not told it may.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { streams } from '#common/frame.ts';
import { type RegistersSnapshot, readRegistersSnapshot } from '#common/layouts/snapshot.ts';
import type { GuestAgent } from '../support/guest-agents.ts';
import { GuestShell } from '../support/guest-shell.ts';
import { runPiped } from '../support/piped-agent.ts';

const device = '0000:01:00.0';
// FCTTV: how long a pause frame of ours stops the partner. Nothing hangs on it, and the driver writes it only when a link comes up.
const offset = 0x170;
let guest: GuestShell;
let agent: GuestAgent;

beforeAll(async () => {
  guest = await GuestShell.boot('test-agent-registers');
  agent = await guest.agents.next();
  await agent.do('load-module', {});
  await guest.linkUp();
});
afterAll(() => guest?.[Symbol.asyncDispose]());

/** The register in a snapshot that was taken for this. */
async function value(): Promise<number | undefined> {
  let snapshot: RegistersSnapshot | undefined;
  const ends = agent.client.onBulk(({ stream, payload }) => {
    if (stream !== streams.registers) return;
    const read = readRegistersSnapshot(payload);
    if (read.ok) snapshot = read.value;
  });
  // The frame comes before the reply.
  await agent.do('read', { device, what: 'registers' });
  ends();
  return snapshot?.registers.find((register) => register.offset === offset)?.value;
}

const write = (change: Partial<{ device: string; offset: number; value: number; confirmed: boolean }> = {}) => ({
  ...{ device, offset, value: 0x1234, confirmed: true },
  ...change,
});

test('what is written is in the next snapshot, and the kernel log says who it was', async () => {
  const before = await value();
  expect(before).not.toBe(0x1234);
  await agent.do('write-register', write());
  expect(await value()).toBe(0x1234);
  expect(await guest.run('dmesg')).toContain(`ringscope: mark: register 0x00170 of ${device} set to 0x00001234`);
  await agent.do('write-register', write({ value: before ?? 0 }));
  expect(await value()).toBe(before);
});

test('nothing is written without a confirmation', async () => {
  const before = await value();
  const refusal = await agent.refused('write-register', write({ value: 0x4321, confirmed: false }));
  expect(refusal).toMatchObject({ code: 'needs-confirmation', message: expect.stringContaining('0x00004321 in the register at 0x00170') });
  expect(await value()).toBe(before);
});

test('a place without a register is refused', async () => {
  expect((await agent.refused('write-register', write({ offset: 0x172 }))).code).toBe('bad-arguments');
  expect(await agent.refused('write-register', write({ offset: 0x2_0000 }))).toMatchObject({
    code: 'bad-arguments',
    message: expect.stringContaining('has 131072 bytes'),
  });
  expect((await agent.refused('write-register', write({ device: '0000:09:00.0' }))).code).toBe('no-such-device');
});

test('an agent that was not told it may writes nothing and says how it would', async () => {
  const before = await value();
  const { messages } = await runPiped(guest, 'ringscope-agent serve', [
    { verb: 'hello', arguments: { protocol: 1, application: 'test' } },
    { verb: 'write-register', arguments: write({ value: 0x4321 }) },
  ]);
  const reply = messages.find(({ type, id }) => type === 'reply' && id === 2);
  expect(reply).toMatchObject({ ok: false, error: { code: 'no-permission', remedy: expect.stringContaining('--allow-writes') } });
  expect(await value()).toBe(before);
});

test('a kernel that keeps a bound card to its driver is told in words', async () => {
  const strict = await GuestShell.boot('test-agent-registers-strict', 'iomem=strict');
  try {
    const other = await strict.agents.next();
    await other.do('load-module', {});
    expect(await other.refused('write-register', write())).toMatchObject({
      code: 'not-available',
      message: expect.stringContaining('IO_STRICT_DEVMEM'),
      remedy: expect.stringContaining('iomem=relaxed'),
    });
  } finally {
    await strict[Symbol.asyncDispose]();
  }
});
