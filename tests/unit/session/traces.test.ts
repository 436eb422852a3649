// Trace events of one agent for several windows: who gets what, what waits, what is kept.
import { expect, test } from 'vitest';
import { streams } from '#common/frame.ts';
import { readTraceBatch } from '#common/layouts/trace-batch.ts';
import { running } from '../../support/running-session.ts';
import { SessionWindow, settle } from '../../support/session-window.ts';
import { deviceAddress, devicesEvent, tracePayload } from '../../support/wire-payloads.ts';

const wanted = { device: deviceAddress, events: ['tx_post', 'tx_done'] };
const poll = (timeNs: number) => ({ event: 'poll' as const, timeNs: BigInt(timeNs) });
const batch = (from: number, count: number) => tracePayload(Array.from({ length: count }, (_, index) => poll(from + index)));

/** The headers and times of all trace events that reached a window. */
const batchesOf = (window: SessionWindow) =>
  window.of(streams.trace).map(({ payload }) => {
    const read = readTraceBatch(payload);
    if (!read.ok) throw new Error(read.error);
    return read.value;
  });
const timesOf = (window: SessionWindow) => batchesOf(window).flatMap(({ records }) => records.map(({ timeNs }) => Number(timeNs)));

test('the agent is asked for what all windows want together, and ends with the last of them', async () => {
  const { session, agent } = await running();
  const [first, second] = [await SessionWindow.open(session), await SessionWindow.open(session)];
  await first.ask('trace', wanted);
  await second.ask('trace', { device: deviceAddress, events: ['irq'] });
  second.transport.close();
  await settle();
  await first.ask('trace', { device: deviceAddress, events: [] });
  expect(agent.asked('trace').map(({ events }) => events)).toEqual([
    ['tx_done', 'tx_post'],
    ['irq', 'tx_done', 'tx_post'],
    ['tx_done', 'tx_post'],
    [],
  ]);
});

test('events go to who asked for them and to nobody else', async () => {
  const { session, agent } = await running();
  const [asking, other] = [await SessionWindow.open(session), await SessionWindow.open(session)];
  await asking.ask('trace', wanted);
  agent.send(streams.trace, batch(1, 3));
  await settle();
  expect([timesOf(asking), timesOf(other)]).toEqual([[1, 2, 3], []]);
});

test('a window that asks later gets what was kept, and what comes after it once', async () => {
  const { session, agent } = await running();
  const first = await SessionWindow.open(session);
  await first.ask('trace', wanted);
  agent.send(streams.trace, batch(1, 3));
  await settle();
  const late = await SessionWindow.open(session);
  await late.ask('trace', wanted);
  agent.send(streams.trace, batch(4, 2));
  await settle();
  expect(timesOf(late)).toEqual([1, 2, 3, 4, 5]);
});

test('what waits for a window that does not paint is joined to one batch that says the same', async () => {
  const { session, agent } = await running();
  const window = await SessionWindow.open(session);
  await window.ask('trace', wanted);
  for (const from of [1, 11, 21, 31, 41])
    agent.send(streams.trace, tracePayload([poll(from), poll(from + 9)], { lostEvents: 2n, pausedNs: 5n }));
  await settle();
  expect(batchesOf(window)).toHaveLength(2);
  await window.paint(streams.trace);
  expect(batchesOf(window).at(-1)).toMatchObject({ lostEvents: 6n, pausedNs: 15n, fromNs: 20n, toNs: 50n });
  expect(timesOf(window)).toEqual([1, 10, 11, 20, 21, 30, 31, 40, 41, 50]);
});

test('more than 100,000 waiting events drop the oldest, counted and announced', async () => {
  const { session, agent } = await running();
  const window = await SessionWindow.open(session);
  await window.ask('trace', wanted);
  for (let from = 0; from < 120; from += 1) agent.send(streams.trace, batch(1 + from * 1000, 1000));
  await settle();
  await window.paint(streams.trace);
  const dropped = window.event('dropped');
  expect(dropped).toMatchObject({ stream: streams.trace, records: 19_000, frames: 19 });
  expect(timesOf(window)[2000]).toBe(21_001);
});

test('what the agent refuses is forgotten', async () => {
  const { session, agent, target } = await running();
  const window = await SessionWindow.open(session);
  agent.answer = () => ({ code: 'not-available', message: 'There is no tracefs.' });
  expect(await window.ask('trace', wanted)).toMatchObject({ ok: false, error: { code: 'not-available' } });
  agent.end();
  await settle();
  expect(target.bringAgent().asked('trace')).toEqual([]);
});

test('a driver that is loaded again, and an agent that is started again, go on being traced', async () => {
  const { session, agent, target } = await running();
  const window = await SessionWindow.open(session);
  await window.ask('trace', wanted);
  agent.tell(devicesEvent([]));
  agent.tell(devicesEvent());
  await settle();
  expect(agent.asked('trace')).toHaveLength(2);
  agent.end();
  await settle();
  const next = target.bringAgent();
  await settle();
  expect(next.asked('trace')).toEqual([{ device: deviceAddress, events: ['tx_done', 'tx_post'] }]);
});

test('a batch that contradicts itself is reported and dropped', async () => {
  const { session, agent } = await running();
  const window = await SessionWindow.open(session);
  await window.ask('trace', wanted);
  agent.send(streams.trace, batch(1, 3).subarray(0, 100));
  await settle();
  expect(window.event('notice')).toMatchObject({ code: 'bad-record' });
  expect(timesOf(window)).toEqual([]);
});
