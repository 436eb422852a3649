// The rate of samples belongs to clients: several may want their own, and each stops counting when it leaves.
import { expect, test } from 'vitest';
import { running } from '../../support/running-session.ts';
import { SessionWindow, settle } from '../../support/session-window.ts';

test('the agent samples at the highest rate that is wanted, and at the usual one when nobody asks any more', async () => {
  const { session, agent } = await running();
  const window = await SessionWindow.open(session);
  const tool = await SessionWindow.open(session);
  await window.ask('sample', { hz: 5 });
  await tool.ask('sample', { hz: 50 });
  await window.ask('sample', { hz: 2 });
  tool.transport.close();
  await settle();
  window.transport.close();
  await settle();
  expect(agent.asked('sample').map(({ hz }) => hz)).toEqual([10, 5, 50, 2, 10]);
});

test('a client that asks for no rate takes what comes', async () => {
  const { session, agent } = await running();
  const quiet = await SessionWindow.open(session);
  const window = await SessionWindow.open(session);
  await window.ask('sample', { hz: 1 });
  quiet.transport.close();
  await settle();
  expect(agent.asked('sample').map(({ hz }) => hz)).toEqual([10, 1]);
});

test('a rate that the agent refuses is not remembered', async () => {
  const { session, agent, target } = await running();
  const window = await SessionWindow.open(session);
  agent.answer = () => ({ code: 'bad-arguments', message: 'Too fast.' });
  expect(await window.ask('sample', { hz: 99 })).toMatchObject({ ok: false, error: { code: 'bad-arguments' } });
  agent.end();
  await settle();
  const next = target.bringAgent();
  await settle();
  expect(next.asked('sample')).toEqual([{ hz: 10 }]);
});

test('a client that says hello anew begins anew', async () => {
  const { session, agent } = await running();
  const window = await SessionWindow.open(session);
  await window.ask('sample', { hz: 40 });
  await window.ask('hello', { protocol: 1, application: 'again' });
  await settle();
  expect(agent.asked('sample').map(({ hz }) => hz)).toEqual([10, 40, 10]);
});
