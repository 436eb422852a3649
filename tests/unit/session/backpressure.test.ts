import { expect, test } from 'vitest';
import { streams } from '#common/frame.ts';
import { headsOf, running, sequencesOf, timesOf } from '../../support/running-session.ts';
import { SessionWindow, settle } from '../../support/session-window.ts';
import { deviceAddress, logPayload, ringPayload, samplePayload } from '../../support/wire-payloads.ts';

const ring = { device: deviceAddress, what: 'ring:rx:0' };

test('only the newest 600 samples are kept', async () => {
  const { session, agent } = await running();
  for (let time = 1; time <= 1000; time += 1) agent.send(streams.sample, samplePayload(BigInt(time)));
  await settle();
  const window = await SessionWindow.open(session);
  expect(timesOf(window).length).toBe(600);
  expect(timesOf(window).at(-1)).toBe(1000);
});

test('of a log that never ends the newest 200,000 records are kept', async () => {
  const { session, agent } = await running();
  for (let start = 0; start < 300_000; start += 1000)
    agent.send(streams.log, logPayload(Array.from({ length: 1000 }, (_, index) => start + index)));
  await settle();
  const kept = sequencesOf(await SessionWindow.open(session));
  expect([kept.length, kept[0], kept.at(-1)]).toEqual([200_000, 100_000, 299_999]);
}, 30_000);

test('of a storm of records each reaches a window or is counted', async () => {
  const { session, agent } = await running();
  const window = await SessionWindow.open(session);
  const total = 200_000;
  let painted = 0;
  for (let start = 0; start < total; start += 1000) {
    agent.send(streams.log, logPayload(Array.from({ length: 1000 }, (_, index) => start + index)));
    // 100,000 lines a second against 60 frames: every other batch meets a frame; now and then the window stands still.
    if (start % 2000 === 0 && start % 40_000 < 30_000) await window.paint(streams.log);
  }
  for (let count = -1; count !== painted; ) {
    count = painted;
    await window.paint(streams.log);
    painted = window.of(streams.log).length;
  }
  const seen = sequencesOf(window);
  expect(seen.length + (window.event('dropped')?.records ?? 0)).toBe(total);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.at(-1)).toBe(total - 1);
}, 60_000);

test('a window that does not paint gets two frames a stream, then the newest, and is told what it missed', async () => {
  const { session, agent } = await running();
  const window = await SessionWindow.open(session);
  await window.ask('watch', { ...ring, hz: 60 });
  for (let count = 1; count <= 6; count += 1) {
    agent.send(streams.sample, samplePayload(BigInt(count)));
    agent.send(streams.ring, ringPayload('rx', 0, count));
  }
  await settle();
  expect([timesOf(window), headsOf(window)]).toEqual([
    [1, 2],
    [1, 2],
  ]);
  await window.paint(streams.sample);
  expect(timesOf(window)).toEqual([1, 2, 6]);
  expect(window.event('dropped')).toEqual({ type: 'dropped', stream: streams.sample, frames: 3, records: 0 });
  expect(headsOf(window)).toEqual([1, 2]);
  await window.paint(streams.ring);
  expect(headsOf(window)).toEqual([1, 2, 6]);
  expect(window.gaps).toEqual([]);
});

test('one slow window does not slow another', async () => {
  const { session, agent } = await running();
  const [slow, swift] = [await SessionWindow.open(session), await SessionWindow.open(session)];
  for (let time = 1; time <= 5; time += 1) {
    agent.send(streams.sample, samplePayload(BigInt(time)));
    await settle();
    await swift.paint(streams.sample);
  }
  expect(timesOf(slow)).toEqual([1, 2]);
  expect(timesOf(swift)).toEqual([1, 2, 3, 4, 5]);
});

test('log records queue up to 100,000; older ones are dropped, counted and announced', async () => {
  const { session, agent } = await running();
  const window = await SessionWindow.open(session);
  for (let start = 0; start < 104_000; start += 1000)
    agent.send(streams.log, logPayload(Array.from({ length: 1000 }, (_, index) => start + index)));
  await settle();
  expect(sequencesOf(window).length).toBe(2000);
  await window.paint(streams.log);
  expect(window.event('dropped')).toEqual({ type: 'dropped', stream: streams.log, frames: 0, records: 2000 });
  for (let painted = 0; painted < 20; painted += 1) await window.paint(streams.log);
  const all = sequencesOf(window);
  expect([all.length, all[2000], all.at(-1)]).toEqual([102_000, 4000, 103_999]);
});

test('an acknowledgement of what was never sent opens nothing', async () => {
  const { session, agent } = await running();
  const window = await SessionWindow.open(session);
  window.send('acknowledge', { stream: streams.sample, sequence: 4_000_000_000 });
  for (let time = 1; time <= 5; time += 1) agent.send(streams.sample, samplePayload(BigInt(time)));
  await settle();
  window.send('acknowledge', { stream: streams.sample, sequence: 17 });
  await settle();
  expect(timesOf(window)).toEqual([1, 2]);
});
