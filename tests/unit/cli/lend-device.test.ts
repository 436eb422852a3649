// `ringscope snapshot --target local`: what is asked of the agent, in which order, and that it is all undone.
import { expect, onTestFinished, test } from 'vitest';
import { streams } from '#common/frame.ts';
import type { Device } from '#common/protocol.ts';
import { runSnapshot, type SessionAccess } from '../../../main/node/cli/run.ts';
import { Session } from '../../../main/node/session/session.ts';
import { FakeTarget, talkingAgent } from '../../support/fake-target.ts';
import type { WireAgent } from '../../support/wire-agent.ts';
import {
  device,
  devicesEvent,
  helloEvent,
  moduleEvent,
  ringPayload,
  samplePayload,
  tableEvent,
  trafficEvent,
} from '../../support/wire-payloads.ts';

const underIgb: Device = { ...device, driver: 'igb', rings: [], interface: 'lan0' };
const other: Device = { ...underIgb, pciAddress: '0000:02:00.0' };

/** An agent on a machine with these cards, which lends them and reads their rings. */
function lendingAgent(cards: readonly Device[] = [underIgb], role: 'change' | 'observe' = 'change'): WireAgent {
  const agent = talkingAgent();
  const { beforeReply } = agent;
  agent.beforeReply = (request) => {
    const { verb, arguments: args } = request;
    if (verb !== 'hello' && verb !== 'unload-module') beforeReply(request);
    if (verb === 'hello')
      for (const event of [{ ...helloEvent(), role }, moduleEvent('absent'), devicesEvent([...cards]), tableEvent(), trafficEvent(false)])
        agent.tell(event);
    if (verb === 'unload-module') agent.tell(moduleEvent('absent'));
    if (verb === 'take-device')
      agent.tell(devicesEvent(cards.map((card) => (card.pciAddress === args.device ? { ...device, pciAddress: card.pciAddress } : card))));
    if (verb === 'release-device') agent.tell(devicesEvent([...cards]));
    if (verb !== 'read') return;
    agent.send(streams.ring, ringPayload(args.what === 'ring:rx:0' ? 'rx' : 'tx', 0, 1));
    setImmediate(() => agent.send(streams.sample, samplePayload(1n)));
  };
  return agent;
}

function run(agent: WireAgent, change: { device?: string; isConfirmed?: boolean; hasTraffic?: boolean } = {}) {
  const target = new FakeTarget();
  target.state = { ...target.state, kind: 'local' };
  const session = new Session({ createTarget: () => target, first: { kind: 'local' }, applicationVersion: '9.9.9' });
  onTestFinished(() => session.close());
  const access: SessionAccess = {
    join: async () => null,
    start: async (_, first) => {
      expect(first).toEqual({ kind: 'local' });
      void session.start().then(() => target.bringAgent(agent));
      return { session, close: () => session.close() };
    },
  };
  return runSnapshot({
    name: 'test',
    target: { kind: 'local' },
    seconds: 0,
    onStep: () => undefined,
    signal: new AbortController().signal,
    access,
    ...change,
  });
}

test('the card is taken, read, and given back, and the driver unloaded; no frame is sent', async () => {
  const agent = lendingAgent();
  const document = await run(agent);
  expect(document.device).toMatchObject({ driver: 'rigb', pciAddress: device.pciAddress });
  expect(document.queues).toHaveLength(2);
  expect(agent.verbs).toEqual(['hello', 'sample', 'load-module', 'take-device', 'read', 'read', 'release-device', 'unload-module']);
  expect(agent.asked('take-device')).toEqual([{ device: device.pciAddress, confirmed: false }]);
});

test('a refusal for want of a confirmation says how to confirm, and undoes the loading', async () => {
  const agent = lendingAgent();
  agent.answer = ({ verb, arguments: args }) =>
    verb === 'take-device' && args.confirmed !== true
      ? { code: 'needs-confirmation', message: 'lan0 carries the default route.' }
      : 'accept';
  await expect(run(agent)).rejects.toThrow('lan0 carries the default route. Repeat the command with --confirm to take it all the same.');
  expect(agent.verbs.slice(-2)).toEqual(['take-device', 'unload-module']);
  const willing = lendingAgent();
  willing.answer = agent.answer;
  await run(willing, { isConfirmed: true });
  expect(willing.asked('take-device')).toEqual([{ device: device.pciAddress, confirmed: true }]);
});

test('of several cards one must be chosen, and one that is not there is said', async () => {
  await expect(run(lendingAgent([underIgb, other]))).rejects.toThrow(
    /Several cards fit: 0000:01:00.0, 0000:02:00.0; choose one with --device/,
  );
  await expect(run(lendingAgent([underIgb, other]), { device: '0000:09:00.0' })).rejects.toThrow(/no network card 0000:09:00.0/);
  await expect(run(lendingAgent([{ ...underIgb, deviceId: 0x1533 }]))).rejects.toThrow(/no card that rigb drives/);
});

test('in observe mode nothing is taken', async () => {
  const agent = lendingAgent([underIgb], 'observe');
  await expect(run(agent)).rejects.toThrow(/observe mode/);
  expect(agent.verbs).toEqual(['hello', 'sample']);
});

test('a card that cannot be given back is told, and the driver’s unloading is tried all the same', async () => {
  const agent = lendingAgent();
  agent.answer = ({ verb }) => (verb === 'release-device' ? { code: 'failed', message: 'igb does not bind.' } : 'accept');
  await expect(run(agent)).rejects.toThrow('was not given back: igb does not bind.');
  expect(agent.verbs.at(-1)).toBe('unload-module');
});

test('traffic is sent when that was asked for, and ends before the queues are read', async () => {
  const agent = lendingAgent();
  await run(agent, { hasTraffic: true });
  expect(agent.asked('traffic').map(({ running }) => running)).toEqual([true, false, false]);
  expect(agent.verbs.indexOf('traffic')).toBeGreaterThan(agent.verbs.indexOf('take-device'));
});
