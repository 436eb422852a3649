import { expect, onTestFinished, test } from 'vitest';
import { streams } from '#common/frame.ts';
import type { Transport } from '#common/transport.ts';
import { runSnapshot, type SessionAccess } from '../../../main/node/cli/run.ts';
import { transportPair } from '../../../main/node/session/memory-transport.ts';
import { Session } from '../../../main/node/session/session.ts';
import { FakeTarget, talkingAgent } from '../../support/fake-target.ts';
import type { WireAgent } from '../../support/wire-agent.ts';
import { ringPayload, samplePayload, trafficEvent } from '../../support/wire-payloads.ts';

/** An agent that also reads rings, each read followed by a sample. */
function measurableAgent(): WireAgent {
  const agent = talkingAgent();
  const { beforeReply } = agent;
  agent.beforeReply = (request) => {
    beforeReply(request);
    if (request.verb !== 'read') return;
    const kind = request.arguments.what === 'ring:rx:0' ? 'rx' : 'tx';
    agent.send(streams.ring, ringPayload(kind, 0, 1));
    setImmediate(() => agent.send(streams.sample, samplePayload(1n)));
  };
  return agent;
}

function labOf(agent: WireAgent) {
  const target = new FakeTarget();
  const session = new Session({ createTarget: () => target, first: { kind: 'lab' }, applicationVersion: '9.9.9' });
  onTestFinished(() => session.close());
  const begin = async () => {
    await session.start();
    target.bringAgent(agent);
  };
  const join = async (): Promise<Transport> => {
    const [here, there] = transportPair();
    session.attach(there);
    return here;
  };
  return { target, session, begin, join };
}

const options = { name: 'test', seconds: 0, onStep: () => undefined, signal: new AbortController().signal };

test('without a running application a lab is started, measured and ended', async () => {
  const agent = measurableAgent();
  const { target, session, begin } = labOf(agent);
  const access: SessionAccess = {
    join: async () => null,
    start: async () => {
      void begin();
      return { session, close: () => session.close() };
    },
  };
  const document = await runSnapshot({ ...options, access });
  expect(document.queues.map(({ kind, size }) => [kind, size])).toEqual([
    ['rx', 4],
    ['tx', 4],
  ]);
  expect(agent.verbs).toEqual(['hello', 'load-module', 'sample', 'traffic', 'traffic', 'read', 'read']);
  expect(agent.asked('traffic').map(({ running }) => running)).toEqual([true, false]);
  expect(target.calls).toEqual(['start', 'stop']);
});

test('a running application is joined and left as it was', async () => {
  const agent = measurableAgent();
  const { target, session, begin, join } = labOf(agent);
  await begin();
  const access: SessionAccess = { join, start: () => Promise.reject(new Error('Nothing may be started here.')) };
  await runSnapshot({ ...options, access });
  expect(agent.asked('traffic').map(({ running }) => running)).toEqual([true]);
  expect(agent.verbs.filter((verb) => verb.includes('module'))).toEqual(['load-module']);
  expect(target.calls).toEqual(['start']);
  await expect.poll(() => session.clientCount).toBe(0);
});

test('traffic that was not running is ended again in a joined application', async () => {
  const agent = measurableAgent();
  const { session, begin, join } = labOf(agent);
  let live: () => void = () => undefined;
  const isLive = new Promise<void>((resolve) => {
    live = resolve;
  });
  session.onLive(live);
  await begin();
  await isLive;
  agent.tell(trafficEvent(false));
  await runSnapshot({ ...options, access: { join, start: () => Promise.reject(new Error('Nothing may be started here.')) } });
  expect(agent.asked('traffic').map(({ running }) => running)).toEqual([true, true, false]);
});

test('a lab that fails ends the run with its reason, and is ended', async () => {
  const { target, session } = labOf(measurableAgent());
  const reason = { title: 'The lab cannot start', detail: 'It has not been built.', remedy: 'Run `npm run setup`.' };
  target.onStart = () => target.show({ phase: 'failed', step: 'x', reason });
  const start = async () => {
    void session.start();
    return { session, close: () => session.close() };
  };
  const run = runSnapshot({ ...options, access: { join: async () => null, start } });
  await expect(run).rejects.toThrow('The lab cannot start: It has not been built. Run `npm run setup`.');
  expect(target.calls).toEqual(['start', 'stop']);
});

test('an interruption ends the run and what it started', async () => {
  const { target, session } = labOf(measurableAgent());
  const interruption = new AbortController();
  const start = async () => {
    void session.start();
    return { session, close: () => session.close() };
  };
  const run = runSnapshot({ ...options, signal: interruption.signal, access: { join: async () => null, start } });
  target.onStart = () => interruption.abort();
  await expect(run).rejects.toThrow('The snapshot was interrupted.');
  expect(target.calls).toEqual(['start', 'stop']);
});
