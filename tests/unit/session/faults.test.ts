import { expect, test } from 'vitest';
import { streams } from '#common/frame.ts';
import { encodeControl } from '../../../main/node/agent/control-message.ts';
import { transportPair } from '../../../main/node/session/memory-transport.ts';
import { FakeTarget, talkingAgent } from '../../support/fake-target.ts';
import { running, sessionOn, timesOf } from '../../support/running-session.ts';
import { SessionWindow, settle } from '../../support/session-window.ts';
import { deviceAddress, samplePayload } from '../../support/wire-payloads.ts';

const ring = { device: deviceAddress, what: 'ring:rx:0' };

test('without an agent its verbs are refused as target-not-live, and the session’s own still work', async () => {
  const target = new FakeTarget();
  const session = sessionOn(target);
  const window = await SessionWindow.open(session);
  expect(await window.ask('load-module')).toMatchObject({ ok: false, error: { code: 'target-not-live' } });
  expect(await window.ask('watch', { ...ring, hz: 5 })).toMatchObject({ ok: false, error: { code: 'target-not-live' } });
  expect(await window.ask('console-write', { text: 'ls\n' })).toMatchObject({ ok: true });
  expect(target.calls).toEqual(['console: ls\n']);
});

test('a request before hello, an unknown verb and bad arguments are refused by their names', async () => {
  const { session, agent } = await running();
  const [here, there] = transportPair();
  session.attach(there);
  const window = new SessionWindow(here);
  expect(await window.ask('cost')).toMatchObject({ ok: false, error: { code: 'hello-first' } });
  expect(await window.ask('hello', { protocol: 2, application: 'test' })).toMatchObject({
    ok: false,
    error: { code: 'protocol-mismatch' },
  });
  await window.ask('hello', { protocol: 1, application: 'test' });
  expect(await window.ask('toString')).toMatchObject({ ok: false, error: { code: 'unknown-verb' } });
  expect(await window.ask('sample', { hz: 1000 })).toMatchObject({ ok: false, error: { code: 'bad-arguments' } });
  expect(agent.verbs).not.toContain('cost');
});

test('what the agent refuses is passed on with its words', async () => {
  const { session, agent } = await running();
  const window = await SessionWindow.open(session);
  agent.answer = () => ({ code: 'busy', message: 'The module is in use.', remedy: 'Stop the traffic.' });
  expect(await window.ask('unload-module')).toMatchObject({
    error: { code: 'busy', message: 'The module is in use.', remedy: 'Stop the traffic.' },
  });
});

test('bad frames of the agent are told by name, dropped, and the session goes on', async () => {
  const { session, agent } = await running();
  const window = await SessionWindow.open(session);
  agent.send(streams.sample, Uint8Array.of(1, 2, 3));
  await settle();
  expect(window.event('notice')).toMatchObject({ severity: 'warning', code: 'bad-record' });
  agent.skip(streams.sample, 4);
  agent.send(streams.sample, samplePayload(5n));
  await settle();
  expect(window.event('notice')).toMatchObject({ code: 'sequence-gap' });
  expect(timesOf(window)).toEqual([5]);
  agent.raw(Uint8Array.of(255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0));
  await settle();
  expect(window.event('notice')).toMatchObject({ code: 'oversized' });
  expect(await window.ask('cost')).toMatchObject({ ok: false, error: { code: 'target-not-live' } });
});

test('bad requests of a client are told by name to that client only; a lost framing ends it', async () => {
  const { session } = await running();
  const [bad, good] = [await SessionWindow.open(session), await SessionWindow.open(session)];
  bad.transport.send(encodeControl({ type: 'request', id: -1 }, 1));
  await settle();
  expect(bad.event('notice')).toMatchObject({ code: 'bad-message' });
  bad.transport.send(Uint8Array.of(1, 0, 0));
  await settle();
  expect(bad.event('notice')).toMatchObject({ code: 'truncated' });
  expect([bad.isClosed, good.isClosed, session.clientCount]).toEqual([true, false, 1]);
  expect(good.event('notice')).toBeUndefined();
});

test('what the start policy asked for in vain is a notice', async () => {
  const target = new FakeTarget();
  const session = sessionOn(target);
  await session.start();
  const agent = talkingAgent();
  agent.answer = ({ verb }) => (verb === 'traffic' ? { code: 'not-available', message: 'There is no pktgen.' } : 'accept');
  target.bringAgent(agent);
  await settle();
  const window = await SessionWindow.open(session);
  expect(window.event('notice')).toMatchObject({ code: 'start-refused', text: '`traffic` at the start was refused: There is no pktgen.' });
});
