import { expect, test } from 'vitest';
import { running } from '../../support/running-session.ts';
import { SessionWindow, settle } from '../../support/session-window.ts';

test('an agent that answers is left alone', async () => {
  const { session, agent } = await running();
  const window = await SessionWindow.open(session);
  await session.checkAgent();
  expect(agent.requests.at(-1)?.verb).toBe('cost');
  expect([agent.pipe.destroyed, window.event('notice')]).toEqual([false, undefined]);
});

test('one that refuses answers too', async () => {
  const { session, agent } = await running();
  agent.answer = () => ({ code: 'not-available', message: 'No cost here.' });
  await session.checkAgent();
  expect(agent.pipe.destroyed).toBe(false);
});

test('one that is silent is let go, everybody is told, and the next one goes on', async () => {
  const { session, agent, target } = await running();
  const window = await SessionWindow.open(session);
  agent.answer = () => 'silence';
  await session.checkAgent(20);
  expect(agent.pipe.destroyed).toBe(true);
  await settle();
  expect(window.event('notice')).toMatchObject({
    severity: 'warning',
    code: 'agent-silent',
    text: expect.stringContaining('restart the target'),
  });
  expect(window.event('target')?.phase).toBe('connecting');
  target.bringAgent();
  await settle();
  expect(window.event('target')?.phase).toBe('live');
  expect(await window.ask('cost')).toMatchObject({ ok: true });
});

test('without an agent there is nothing to ask', async () => {
  const { session, target } = await running();
  await target.stop();
  session.checkAgent(20).catch(() => expect.unreachable());
  await session.checkAgent(20);
});
