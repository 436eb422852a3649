import { expect, test } from 'vitest';
import { streams } from '#common/frame.ts';
import { FakeTarget, talkingAgent } from '../../support/fake-target.ts';
import { running, sequencesOf, sessionOn, timesOf } from '../../support/running-session.ts';
import { SessionWindow, settle } from '../../support/session-window.ts';
import { deviceAddress, logPayload, ringPayload, samplePayload, tableEvent } from '../../support/wire-payloads.ts';

const ring = { device: deviceAddress, what: 'ring:rx:0' };

test('a fresh target is asked to load the driver, to sample and to run traffic, and then the session is live', async () => {
  const target = new FakeTarget();
  const session = sessionOn(target);
  let live = 0;
  session.onLive(() => {
    live += 1;
  });
  await session.start();
  const agent = target.bringAgent();
  await settle();
  expect(agent.verbs).toEqual(['hello', 'load-module', 'sample', 'traffic']);
  expect(agent.asked('traffic')).toEqual([{ running: true, direction: 'receive', framesPerSecond: 2000, frameBytes: 256 }]);
  expect(live).toBe(1);
});

test('a window gets the whole state in the named order, then what comes after', async () => {
  const { session, agent, target } = await running();
  agent.send(streams.log, logPayload([1, 2, 3]));
  agent.send(streams.sample, samplePayload(10n));
  agent.send(streams.sample, samplePayload(20n));
  target.speak('login: ');
  const first = await SessionWindow.open(session);
  await first.ask('watch', { ...ring, hz: 5 });
  agent.send(streams.ring, ringPayload('rx', 0, 1));
  await settle();
  const late = await SessionWindow.open(session);
  expect(late.order).toEqual(
    ['reply', 'session', 'target', 'hello', 'module', 'devices', 'table', 'traffic'].concat([
      'stream 1',
      'stream 2',
      'stream 2',
      'stream 3',
      'stream 6',
      'terminal',
    ]),
  );
  expect(late.event('session')).toMatchObject({ application: '9.9.9', logCapacity: 200_000, sampleCapacity: 600 });
  expect(late.event('target')).toMatchObject({ phase: 'live' });
  agent.send(streams.log, logPayload([4]));
  agent.send(streams.sample, samplePayload(30n));
  await settle();
  expect(sequencesOf(late)).toEqual([1, 2, 3, 4]);
  expect(timesOf(late)).toEqual([10, 20, 30]);
  expect(late.gaps).toEqual([]);
});

test('samples from before a new table are told with the table that names them', async () => {
  const { session, agent } = await running();
  agent.send(streams.sample, samplePayload(10n));
  agent.tell(tableEvent(2));
  agent.send(streams.sample, samplePayload(20n, { tableId: 2 }));
  await settle();
  const window = await SessionWindow.open(session);
  const told = window.order.filter((entry) => entry === 'table' || entry === 'stream 2');
  expect(told).toEqual(['table', 'table', 'stream 2', 'table', 'stream 2']);
  expect(window.event('table')?.tableId).toBe(2);
});

test('after an agent’s restart sampling, watches and traffic are restored, and the module is left alone', async () => {
  const { session, agent, target } = await running();
  const window = await SessionWindow.open(session);
  await window.ask('sample', { hz: 25 });
  await window.ask('watch', { ...ring, hz: 12 });
  const traffic = { running: true, direction: 'both', framesPerSecond: 10, frameBytes: 60 };
  await window.ask('traffic', traffic);
  agent.send(streams.log, logPayload([1, 2]));
  agent.end();
  await settle();
  expect(await window.ask('cost')).toMatchObject({ ok: false, error: { code: 'target-not-live' } });
  const next = target.bringAgent();
  await settle();
  expect(next.verbs).toEqual(['hello', 'sample', 'watch', 'traffic']);
  expect(next.asked('sample')).toEqual([{ hz: 25 }]);
  expect(next.asked('watch')).toEqual([{ ...ring, hz: 12 }]);
  expect(next.asked('traffic')).toEqual([traffic]);
  next.send(streams.log, logPayload([1, 2, 3]));
  await settle();
  expect(sequencesOf(window)).toEqual([1, 2, 3]);
});

test('traffic that was stopped, or had a number of frames to send, is not started again for the next agent', async () => {
  for (const last of [{ running: false }, { running: true, frames: 1000 }]) {
    const { session, agent, target } = await running();
    const window = await SessionWindow.open(session);
    await window.ask('traffic', { direction: 'receive', framesPerSecond: 10, frameBytes: 60, ...last });
    agent.end();
    await settle();
    const next = target.bringAgent();
    await settle();
    expect(next.verbs).toEqual(['hello', 'sample']);
  }
});

test('restart-target starts it anew with the start policy, and what another kernel told is forgotten', async () => {
  const { session, agent, target } = await running();
  const window = await SessionWindow.open(session);
  agent.send(streams.log, logPayload([1, 2, 3]));
  await settle();
  expect(await window.ask('restart-target')).toMatchObject({ ok: true });
  const next = target.bringAgent(talkingAgent('99000000000000'));
  await settle();
  next.send(streams.log, logPayload([1]));
  await settle();
  expect(target.calls).toEqual(['start', 'start']);
  expect(next.verbs).toEqual(['hello', 'load-module', 'sample', 'traffic']);
  expect(sequencesOf(await SessionWindow.open(session))).toEqual([1]);
});

test('another target takes the place of the first, which has ended by then', async () => {
  const [first, second] = [new FakeTarget(), new FakeTarget()];
  const session = sessionOn((choice) => (choice.kind === 'lab' ? first : second));
  await session.start();
  first.bringAgent();
  const window = await SessionWindow.open(session);
  second.state = { ...second.state, kind: 'local', step: 'Another machine' };
  expect(await window.ask('choose-target', { target: { kind: 'local' } })).toMatchObject({ ok: true });
  await settle();
  expect([first.calls, second.calls]).toEqual([['start', 'stop'], ['start']]);
  expect(window.event('target')).toMatchObject({ kind: 'local', step: 'Another machine' });
  first.show({ step: 'The first one, which nobody hears any more' });
  expect((await SessionWindow.open(session)).event('target')).toMatchObject({ kind: 'local' });
});

test('a target that cannot be had is said in words, and the old one stays ended', async () => {
  const target = new FakeTarget();
  const session = sessionOn((choice) => {
    if (choice.kind === 'recording') throw new Error('There is no recording of this name.');
    return target;
  });
  await session.start();
  const window = await SessionWindow.open(session);
  await window.ask('choose-target', { target: { kind: 'recording', name: 'gone.mcap' } });
  await settle();
  expect(target.calls).toEqual(['start', 'stop']);
  expect(window.event('target')).toMatchObject({ phase: 'failed', reason: { detail: 'There is no recording of this name.' } });
});

test('a second start while one is under way waits for it', async () => {
  const target = new FakeTarget();
  let begin: () => void = () => undefined;
  target.onStart = () =>
    new Promise((resolve) => {
      begin = resolve;
    });
  const session = sessionOn(target);
  const started = session.start();
  const again = session.start();
  await settle();
  expect(target.calls).toEqual(['start']);
  begin();
  await Promise.all([started, again]);
  await session.close();
  expect(target.calls).toEqual(['start', 'stop']);
});

test('a target that cannot start is shown as failed with the reason', async () => {
  const target = new FakeTarget();
  target.onStart = () => Promise.reject(new Error('No space is left.'));
  const session = sessionOn(target);
  await session.start();
  const window = await SessionWindow.open(session);
  expect(window.event('target')).toMatchObject({
    phase: 'failed',
    reason: { title: 'The target cannot start', detail: 'No space is left.' },
  });
});

test('an agent that refuses hello is a failed target, not a live one', async () => {
  const target = new FakeTarget();
  const session = sessionOn(target);
  await session.start();
  const agent = talkingAgent();
  agent.answer = () => ({ code: 'protocol-mismatch', message: 'It speaks protocol 2.' });
  target.bringAgent(agent);
  await settle();
  const window = await SessionWindow.open(session);
  expect(window.event('target')).toMatchObject({ phase: 'failed', reason: { detail: 'It speaks protocol 2.' } });
});

test('a second hello starts the client anew: its watches end and its sequences begin at 0', async () => {
  const { session, agent } = await running();
  const window = await SessionWindow.open(session);
  await window.ask('watch', { ...ring, hz: 5 });
  window.messages.length = 0;
  await window.ask('hello', { protocol: 1, application: 'test' });
  expect(agent.asked('watch').map(({ hz }) => hz)).toEqual([5, 0]);
  // The decoder of this window was not told to begin anew, so it notices that the sequences did.
  expect(window.gaps).toEqual(['sequence-gap']);
  expect(window.event('session')).toBeDefined();
});

test('closing ends the target and every client, and can be done twice', async () => {
  const { session, target } = await running();
  const window = await SessionWindow.open(session);
  await Promise.all([session.close(), session.close()]);
  await settle();
  expect(target.calls).toEqual(['start', 'stop']);
  expect([window.isClosed, session.clientCount]).toEqual([true, 0]);
});
