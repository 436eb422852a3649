import { expect, test } from 'vitest';
import { streams } from '#common/frame.ts';
import { headsOf, running } from '../../support/running-session.ts';
import { SessionWindow, settle } from '../../support/session-window.ts';
import { deviceAddress, devicesEvent, ringPayload } from '../../support/wire-payloads.ts';

const ring = { device: deviceAddress, what: 'ring:rx:0' };

test('the agent hears of the highest rate that is wanted, and of the end with the last client', async () => {
  const { session, agent } = await running();
  const slow = await SessionWindow.open(session);
  const fast = await SessionWindow.open(session);
  await slow.ask('watch', { ...ring, hz: 5 });
  await fast.ask('watch', { ...ring, hz: 30 });
  await slow.ask('watch', { ...ring, hz: 10 });
  fast.transport.close();
  await settle();
  await slow.ask('watch', { ...ring, hz: 0 });
  expect(agent.asked('watch').map(({ hz }) => hz)).toEqual([5, 30, 10, 0]);
  expect(session.clientCount).toBe(1);
});

test('a watch that the agent refuses is forgotten', async () => {
  const { session, agent, target } = await running();
  const window = await SessionWindow.open(session);
  agent.answer = () => ({ code: 'no-such-device', message: 'There is none.' });
  expect(await window.ask('watch', { ...ring, hz: 5 })).toMatchObject({ ok: false, error: { code: 'no-such-device' } });
  agent.end();
  await settle();
  expect(target.bringAgent().asked('watch')).toEqual([]);
});

test('a driver that is loaded again goes on being watched', async () => {
  const { session, agent } = await running();
  const window = await SessionWindow.open(session);
  await window.ask('watch', { ...ring, hz: 5 });
  agent.tell(devicesEvent([]));
  agent.tell(devicesEvent());
  await settle();
  expect(agent.asked('watch')).toEqual([
    { ...ring, hz: 5 },
    { ...ring, hz: 5 },
  ]);
});

test('snapshots go to who watches or reads the thing, and to nobody else', async () => {
  const { session, agent } = await running();
  const [watching, reading, other] = [
    await SessionWindow.open(session),
    await SessionWindow.open(session),
    await SessionWindow.open(session),
  ];
  await watching.ask('watch', { ...ring, hz: 5 });
  agent.beforeReply = ({ verb }) => {
    if (verb === 'read') agent.send(streams.ring, ringPayload('rx', 0, 2));
  };
  await reading.ask('read', ring);
  expect([watching, reading, other].map(headsOf)).toEqual([[2], [2], []]);
  expect(reading.order.slice(-2)).toEqual(['stream 3', 'reply']);
});
