// What descriptors' buffers hold, through the agent and the driver: the pattern of real traffic is found in them, nobody sees them unasked, and looking while the
// device goes away harms nothing.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { streams } from '#common/frame.ts';
import { type BufferSnapshot, readBufferSnapshot } from '#common/layouts/buffer.ts';
import { type RingSnapshot, readRingSnapshot } from '#common/layouts/snapshot.ts';
import { bufferName } from '#common/protocol/buffers.ts';
import type { GuestAgent } from '../support/guest-agents.ts';
import { GuestShell } from '../support/guest-shell.ts';

const device = '0000:01:00.0';
const files = `/sys/kernel/debug/rigb/${device}/buffers`;
const pattern = Buffer.from('5ca1ab1e', 'hex');
let guest: GuestShell;
let agent: GuestAgent;

beforeAll(async () => {
  guest = await GuestShell.boot('test-agent-buffers');
  agent = await guest.agents.next();
  await agent.do('load-module', {});
  await guest.linkUp();
  await guest.partnerUp();
});
afterAll(() => guest?.[Symbol.asyncDispose]());

/** The frame that comes before the reply to `read`. */
async function read(what: string): Promise<{ stream: number; payload: Uint8Array }> {
  let taken: { stream: number; payload: Uint8Array } | undefined;
  const ends = agent.client.onBulk(({ stream, payload }) => {
    if (stream === streams.buffer || stream === streams.ring) taken = { stream, payload: payload.slice() };
  });
  await agent.do('read', { device, what });
  ends();
  if (!taken) throw new Error(`No frame came of ${what}.`);
  return taken;
}

async function look(kind: 'rx' | 'tx', queue: number, index: number): Promise<BufferSnapshot> {
  const buffer = readBufferSnapshot((await read(bufferName(kind, queue, index))).payload);
  if (!buffer.ok) throw new Error(buffer.error);
  return buffer.value;
}

async function ring(kind: 'rx' | 'tx', queue: number): Promise<RingSnapshot> {
  const snapshot = readRingSnapshot((await read(`ring:${kind}:${queue}`)).payload);
  if (!snapshot.ok) throw new Error(snapshot.error);
  return snapshot.value;
}

const permit = (on: boolean) => agent.do('show-buffers', { device, on, confirmed: true });
const has = (bytes: Uint8Array) => Buffer.from(bytes).includes(Buffer.concat([pattern, pattern]));
const ping = (options: string) =>
  guest.run(`/usr/bin/ping -q -p ${pattern.toString('hex')} ${options.includes('-s ') ? '' : '-s 400 '}${options} 192.0.2.2`);
/** Both queues' first descriptors, looked at until one fits. */
async function found(kind: 'rx' | 'tx', fits: (buffer: BufferSnapshot) => boolean, indexes: (queue: number) => Promise<number[]>) {
  for (let turn = 0; turn < 200; turn += 1)
    for (const queue of [0, 1])
      for (const index of await indexes(queue)) {
        const buffer = await look(kind, queue, index);
        if (fits(buffer)) return buffer;
      }
  throw new Error(`No ${kind} descriptor had what was looked for.`);
}

test('nothing is shown before somebody permits it', async () => {
  expect(await agent.refused('read', { device, what: 'buffer:rx:0:0' })).toMatchObject({
    code: 'no-permission',
    remedy: expect.stringContaining('Show bytes'),
  });
  expect(await guest.run(`cat ${files}/rx0`, { allowFailure: true })).toContain('not permitted');
  expect(await guest.run(`stat -c '%a' ${files}/rx0 ${files}/allowed`)).toBe('400\n600\n');
});

test('it is permitted to nobody who has not confirmed it, and not for a driver that cannot', async () => {
  expect(await agent.refused('show-buffers', { device, on: true, confirmed: false })).toMatchObject({
    code: 'needs-confirmation',
    message: expect.stringContaining('payload'),
  });
  const partner = { device: '0000:02:00.0', on: true, confirmed: true };
  expect(await agent.refused('show-buffers', partner)).toMatchObject({ code: 'not-available', remedy: expect.stringContaining('igb') });
  expect(await agent.refused('read', { device: partner.device, what: 'buffer:rx:0:0' })).toMatchObject({ code: 'not-available' });
  expect(await guest.run(`cat ${files}/allowed`)).toBe('0\n');
});

test('posted receive buffers hold what frames before them left, and say that they are posted', async () => {
  await permit(true);
  await ping('-c 300 -i 0.002');
  const rings = [await ring('rx', 0), await ring('rx', 1)];
  const buffer = await found(
    'rx',
    ({ holding, bytes }) => holding === 'posted' && has(bytes),
    async (queue) => Array.from({ length: 8 }, (_, step) => ((rings[queue]?.after.nextToClean ?? 0) + 16 * step) % 256),
  );
  expect(buffer.kept).toBeNull();
  expect(buffer.whole).toBeGreaterThan(1518);
  expect(buffer.bytes.length).toBe(buffer.whole);
  // Ethernet's type, IPv4's version and length.
  expect([...buffer.bytes.subarray(12, 15)]).toEqual([0x08, 0x00, 0x45]);
});

test('while rx_done is traced each slot remembers its last frame exactly: how long it was, when it was taken, how it began', async () => {
  await agent.do('trace', { device, events: ['rx_done'] });
  const before = (await ring('rx', 0)).timeAfterNs;
  await ping('-c 300 -i 0.002');
  const buffer = await found(
    'rx',
    ({ kept }) => kept !== null && has(kept.bytes),
    async (queue) => [((await ring('rx', queue)).after.nextToClean + 255) % 256],
  );
  expect(buffer.kept?.whole).toBe(14 + 20 + 8 + 400);
  expect(buffer.kept?.bytes.length).toBe(256);
  expect(buffer.kept?.timeNs).toBeGreaterThan(before);
  expect(buffer.kept?.timeNs).toBeLessThan(buffer.timeAfterNs);
  await agent.do('trace', { device, events: [] });
});

test('a frame on its way is shown whole, with the descriptors that it takes', async () => {
  // As seldom as the card interrupts, so that what was sent waits to be taken back.
  await guest.run('ethtool -C eth0 adaptive-rx off adaptive-tx off rx-usecs 8000 > /dev/null');
  await guest.run(`/usr/bin/ping -q -p ${pattern.toString('hex')} -s 1400 -i 0.002 192.0.2.2 > /dev/null 2>&1 & echo $! > /tmp/ping`);
  const buffer = await found(
    'tx',
    ({ holding, bytes }) => (holding === 'sent' || holding === 'sending') && has(bytes),
    async (queue) => {
      const { nextToUse, nextToClean } = (await ring('tx', queue)).after;
      return nextToUse === nextToClean ? [] : [nextToClean];
    },
  );
  await guest.run('kill $(cat /tmp/ping)');
  expect(buffer.whole).toBe(14 + 20 + 8 + 1400);
  expect(buffer.bytes.length).toBe(buffer.whole);
  expect((buffer.index - buffer.first + 256) % 256).toBeLessThanOrEqual((buffer.last - buffer.first + 256) % 256);
});

test('a short frame that was sent is still to be seen, since it was copied beside its descriptor', async () => {
  await ping('-c 50 -i 0.002 -s 48');
  const buffer = await found(
    'tx',
    ({ holding, bytes }) => holding === 'copied' && has(bytes),
    async (queue) => Array.from({ length: 8 }, (_, step) => step).concat(((await ring('tx', queue)).after.nextToUse + 255) % 256),
  );
  expect(buffer.whole).toBe(14 + 20 + 8 + 48);
  expect(buffer.bytes.length).toBe(buffer.whole);
});

test('the slot of a longer frame that was given back holds nothing, and there is none outside of the ring', async () => {
  await guest.until('[ "$(ethtool -S eth0 | grep -c .)" -gt 0 ]');
  const buffer = await found(
    'tx',
    ({ holding }) => holding === 'empty',
    async () => [100, 150, 200, 250],
  );
  expect(buffer).toMatchObject({ whole: 0, kept: null });
  expect(buffer.bytes.length).toBe(0);
  expect(await agent.refused('read', { device, what: 'buffer:rx:0:256' })).toMatchObject({ code: 'not-available' });
  expect((await agent.refused('watch', { device, what: 'ring:rx:9', hz: 1 })).code).toBe('not-available');
});

test('one who looks at every slot under traffic loses no frame', async () => {
  await guest.run('ethtool -C eth0 rx-usecs 49 > /dev/null');
  const script = `for turn in 1 2 3 4; do for slot in $(seq 0 16 255); do for ring in rx0 rx1 tx0 tx1; do dd if=${files}/$ring of=/dev/null bs=65536 skip=$slot count=1 2> /dev/null || exit 1; done; done; done`;
  await guest.run(`( ${script}; echo done > /tmp/looked ) > /dev/null 2>&1 &`);
  const pinged = await ping('-c 500 -i 0.002');
  expect(pinged).toMatch(/500 packets transmitted, 500 (packets )?received/);
  await guest.until('[ -e /tmp/looked ]', 60);
});

test('the permission ends with the agent', async () => {
  await permit(true);
  expect(await guest.run(`cat ${files}/allowed`)).toBe('1\n');
  agent.client.close();
  agent = await guest.agents.next();
  expect(await guest.run(`cat ${files}/allowed`)).toBe('0\n');
  expect((await agent.refused('read', { device, what: 'buffer:rx:0:0' })).code).toBe('no-permission');
});

test('looking goes on while rings are exchanged, the interface goes down and up, and the device is removed', async () => {
  const everything = `while [ -e /tmp/look ]; do for ring in rx0 rx1 tx0 tx1; do for slot in 0 7 100; do dd if=${files}/$ring of=/dev/null bs=65536 skip=$slot count=1 2> /dev/null; done; done; done`;
  await permit(true);
  await guest.run('touch /tmp/look');
  await guest.run(`( ${everything}; touch /tmp/ended ) > /dev/null 2>&1 &`);
  await guest.run(`/usr/bin/ping -q -f 192.0.2.2 > /dev/null 2>&1 &`);
  for (let turn = 0; turn < 4; turn += 1) {
    await guest.run('ethtool -G eth0 rx 512 tx 512; ethtool -L eth0 combined 1; ethtool -G eth0 rx 256 tx 256; ethtool -L eth0 combined 2');
    await guest.run(`echo 1 > ${files}/allowed; /usr/bin/ip link set eth0 down; /usr/bin/ip link set eth0 up`);
    await guest.linkUp();
  }
  await guest.run(`echo 1 > /sys/bus/pci/devices/${device}/remove`, { limitMs: 30_000 });
  expect(await agent.refused('read', { device, what: 'buffer:rx:0:0' })).toMatchObject({ message: expect.any(String) });
  await guest.run('rm /tmp/look');
  await guest.until('[ -e /tmp/ended ]', 20);
  await guest.run('rmmod rigb');
  expect(await guest.complaints()).toEqual([]);
});
