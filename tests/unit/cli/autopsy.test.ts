// `ringscope autopsy` on a lab of a few lines whose transmit engine is off.
import { expect, onTestFinished, test } from 'vitest';
import { streams } from '#common/frame.ts';
import { autopsy } from '../../../main/node/cli/commands/autopsy.ts';
import { withSession } from '../../../main/node/cli/run.ts';
import { type AutopsyOptions, takeAutopsy } from '../../../main/node/cli/take-autopsy.ts';
import { Session } from '../../../main/node/session/session.ts';
import { FakeTarget, talkingAgent } from '../../support/fake-target.ts';
import { deviceAddress, ringPayload, samplePayload } from '../../support/wire-payloads.ts';

/** A registers snapshot of these offsets and values. */
function registersPayload(registers: readonly (readonly [number, number])[]): Uint8Array {
  const payload = new Uint8Array(16 + 40 + 8 * registers.length);
  payload.set(Buffer.from(deviceAddress));
  const view = new DataView(payload.buffer, 16);
  view.setUint32(0, 0x42474952, true);
  view.setUint16(4, 1, true);
  view.setUint16(6, 40, true);
  view.setUint32(8, payload.length - 16, true);
  view.setUint32(12, 2, true);
  view.setUint32(32, registers.length, true);
  registers.forEach(([offset, value], at) => {
    view.setUint32(40 + 8 * at, offset, true);
    view.setUint32(44 + 8 * at, value, true);
  });
  return payload;
}

function labOf() {
  const agent = talkingAgent();
  const { beforeReply } = agent;
  let watching: NodeJS.Timeout | undefined;
  let time = 10_000_000_000n;
  agent.beforeReply = (request) => {
    beforeReply(request);
    if (request.verb === 'read')
      agent.send(
        streams.registers,
        registersPayload([
          [0x400, 0],
          [8, 0x0008_0083],
        ]),
      );
    if (request.verb !== 'watch' || watching) return;
    watching = setInterval(() => {
      time += 100_000_000n;
      const ring = ringPayload('tx', 0, 1);
      const view = new DataView(ring.buffer, 16);
      view.setBigUint64(24, time, true);
      for (const at of [56, 72]) for (const [index, value] of [1, 3, 3, 1].entries()) view.setUint32(at + 4 * index, value, true);
      agent.send(streams.sample, samplePayload(time));
      agent.send(streams.ring, ring);
    }, 5);
  };
  const target = new FakeTarget();
  const session = new Session({ createTarget: () => target, first: { kind: 'lab' }, applicationVersion: '9.9.9' });
  onTestFinished(async () => {
    clearInterval(watching);
    await session.close();
  });
  const access = {
    join: async () => null,
    start: async () => {
      void session.start().then(() => target.bringAgent(agent));
      return { session, close: () => session.close() };
    },
  };
  const looked = (wanted: Partial<AutopsyOptions> = {}) =>
    withSession(
      { name: 'test', target: { kind: 'lab' }, what: 'autopsy', onStep: () => undefined, signal: new AbortController().signal, access },
      (used) => takeAutopsy({ ...used, kind: 'lab', device: null, queue: null, seconds: 0.3, onStep: () => undefined, ...wanted }),
    );
  return { agent, looked };
}

test('the queue that is stuck is found, and the register that stopped it is named', async () => {
  const { agent, looked } = labOf();
  const page = await looked();
  expect(page.frozen).toMatchObject({ queue: { kind: 'tx', index: 0 }, interface: 'eth0' });
  expect(page.frozen.trigger).toContain('TX queue 0 is stuck');
  expect(page.likelyCause).toMatchObject({ id: 'engine-off', confidence: 'certain' });
  expect(agent.asked('watch').filter(({ hz }) => hz === 0)).toHaveLength(3);
});

test('a card that no driver shows is refused in words that name those that are', async () => {
  await expect(labOf().looked({ device: '0000:09:00.0' })).rejects.toThrow(
    'No driver shows the rings of 0000:09:00.0; it does of: 0000:01:00.0.',
  );
});

test('arguments that make no sense are refused in words', async () => {
  const invocation = {
    switches: new Set<string>(),
    positionals: [],
    print: async () => undefined,
    onStep: () => undefined,
    signal: new AbortController().signal,
  };
  const options = { target: 'lab', seconds: '3', name: 'lab' };
  await expect(autopsy.run({ ...invocation, options: { ...options, queue: 'up:1' } })).rejects.toThrow(/--queue takes a ring/);
  await expect(autopsy.run({ ...invocation, options: { ...options, target: 'moon' } })).rejects.toThrow(/no target "moon"/);
});
