// A recording through the session: what a window is told at an instant is the same whether one played up to it or jumped there.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { streams } from '#common/frame.ts';
import type { AgentEvent, SessionEvent } from '#common/protocol.ts';
import { framesBetween } from '../../../main/node/recording/player.ts';
import type { RecordingReader } from '../../../main/node/recording/recording-reader.ts';
import { RecordingTarget } from '../../../main/node/recording/recording-target.ts';
import { stateAt, type ToldFrame } from '../../../main/node/recording/state-at.ts';
import { isOtherBoot } from '../../../main/node/session/intake.ts';
import { Kept } from '../../../main/node/session/kept.ts';
import { splitBatch } from '../../../main/node/session/log-records.ts';
import { watchedIn } from '../../../main/node/session/snapshot-key.ts';
import { rawTrace } from '../../../main/node/session/trace-batches.ts';
import { keyOf } from '../../../main/node/session/watches.ts';
import { eventfulSession, greet, openBytes, ScriptedRecorder, scratchFolder } from '../../support/recorded-script.ts';
import { sessionOn } from '../../support/running-session.ts';
import { SessionWindow, settle } from '../../support/session-window.ts';
import { deviceAddress, helloEvent, logPayload, samplePayload, tableEvent } from '../../support/wire-payloads.ts';

/** What a session keeps of frames, by the session's own rules, as comparable text. */
function keptOf(frames: readonly ToldFrame[]): string[] {
  const kept = new Kept();
  for (const { stream, payload } of frames) {
    if (stream === streams.control) {
      const event = JSON.parse(Buffer.from(payload).toString()) as AgentEvent;
      const before = kept.event('hello');
      if (event.type === 'hello' && before && isOtherBoot(before.bootTimeUnixNs, event.bootTimeUnixNs)) kept.clear();
      kept.addEvent(event);
    } else if (stream === streams.log) {
      const batch = splitBatch(payload);
      if (batch.ok) kept.addLog(batch.value);
    } else if (stream === streams.sample) kept.addSample(payload);
    else if (stream === streams.console) kept.addConsole(payload);
    else if (stream === streams.trace) {
      const trace = rawTrace(payload);
      if (trace.ok) kept.addTrace(trace.value);
    } else if (stream !== streams.terminal) {
      const watched = watchedIn({ stream, sequence: 0, payload });
      if (watched.ok) kept.addSnapshot(keyOf(watched.value), stream, payload);
    }
  }
  const items = [...kept.items()].map((item) =>
    item.type === 'event'
      ? `event ${JSON.stringify(item.event)}`
      : `stream ${item.stream} ${item.payload.length} bytes ${createHash('sha1').update(item.payload).digest('hex')}`,
  );
  // Snapshots and the newest events are a set; log and samples have an order.
  const ordered = items.filter((item) => /^(stream [128]|event .*"type":"table")/.test(item));
  return [...ordered, ...items.filter((item) => !ordered.includes(item)).sort()];
}

async function expectSame(reader: RecordingReader, untilNs: bigint): Promise<void> {
  const jumped = keptOf(await stateAt(reader, untilNs));
  const played = keptOf(await framesBetween(reader, -1n, untilNs));
  expect(jumped).toEqual(played);
}

test('a jump gives what straight play gives, at every tenth of a second', async () => {
  const script = await ScriptedRecorder.start();
  await eventfulSession(script, 95);
  await script.recorder.stop();
  const reader = await openBytes(script.bytes());
  for (let at = reader.startNs; at <= reader.endNs; at += 730_000_000n) await expectSame(reader, at);
  await expectSame(reader, reader.endNs);
});

test('a jump across an agent’s restart, another boot and a long log gives what straight play gives', async () => {
  const script = await ScriptedRecorder.start();
  greet(script);
  const instants: bigint[] = [];
  const lines = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const step = async () => {
    await script.second();
    instants.push(script.nowNs);
  };
  script.bulk(streams.log, logPayload(lines(1, 700)));
  script.bulk(streams.sample, samplePayload(1n));
  await step();
  // The agent restarts on the same kernel, and tells the log from boot on once more.
  greet(script, '1780000000000000400');
  script.bulk(streams.log, logPayload(lines(1, 720)));
  script.bulk(streams.log, logPayload(lines(721, 721)));
  await step();
  for (let at = 722; at < 30_000; at += 3000) {
    script.bulk(streams.log, logPayload(lines(at, at + 2999)));
    await step();
  }
  // Another kernel: nothing of the one before counts.
  script.recorder.event(helloEvent('1790000000000000000'));
  await step();
  script.recorder.event(tableEvent(9));
  script.bulk(streams.log, logPayload(lines(1, 40), 3n));
  script.bulk(streams.sample, samplePayload(5n, { tableId: 9 }));
  await step();
  await script.recorder.stop();
  const reader = await openBytes(script.bytes());
  for (const instant of instants) await expectSame(reader, instant);
});

async function replaying(seconds = 20) {
  const script = await ScriptedRecorder.start();
  await eventfulSession(script, seconds);
  await script.recorder.stop();
  const path = join(scratchFolder(), 'a.mcap');
  writeFileSync(path, script.bytes());
  const session = sessionOn(() => new RecordingTarget(path, { autoplay: false }), { kind: 'recording', name: 'a.mcap' });
  const live = new Promise<void>((resolve) => void session.onLive(() => resolve()));
  await session.start();
  await live;
  const window = await SessionWindow.open(session);
  return { session, window };
}

const isAt = (positionMs: number) => (window: SessionWindow) => Math.abs((window.event('replay')?.positionMs ?? -1) - positionMs) < 1;

async function jump(window: SessionWindow, positionMs: number): Promise<void> {
  const before = window.event('replay')?.jump ?? 0;
  await window.ask('replay', { positionMs });
  await expect.poll(() => window.event('replay')?.jump).toBe(before + 1);
  await settle();
  expect(isAt(positionMs)(window)).toBe(true);
}

const kinds = (window: SessionWindow): SessionEvent['type'][] => window.messages.flatMap(({ type }) => (type === 'reply' ? [] : [type]));

test('a recording is told as an agent tells, and what would change something is refused in words', async () => {
  const { window } = await replaying();
  expect(window.event('target')).toMatchObject({ kind: 'recording', phase: 'live' });
  expect(window.event('replay')).toMatchObject({ name: 'a.mcap', playing: false, speed: 1, remark: null });
  expect(window.event('replay')?.durationMs).toBeCloseTo(20_000, -2);
  for (const verb of ['load-module', 'unload-module'] as const)
    expect(await window.ask(verb)).toMatchObject({ ok: false, error: { code: 'not-available', message: 'This is a recording.' } });
  const traffic = { running: true, direction: 'receive', framesPerSecond: 1, frameBytes: 60 };
  expect(await window.ask('traffic', traffic)).toMatchObject({ ok: false, error: { message: 'This is a recording.' } });
  expect(await window.ask('record', { on: true })).toMatchObject({ ok: false, error: { message: 'This is a recording.' } });
  expect(await window.ask('sample', { hz: 10 })).toMatchObject({ ok: true });
  expect(window.gaps).toEqual([]);
  expect(kinds(window)).not.toContain('notice');
});

test('after a jump a window is told the whole state of that instant, the snapshots that it watches included', async () => {
  const { window } = await replaying();
  await window.ask('watch', { device: deviceAddress, what: 'ring:rx:0', hz: 10 });
  await jump(window, 15_000);
  const from = window.order.lastIndexOf('replay');
  const told = window.order.slice(from + 1);
  expect(told.filter((entry) => entry === 'stream 2').length).toBe(150);
  expect(told).toContain('stream 1');
  expect(told).toContain('stream 3');
  expect(told).toContain('devices');
  // Backwards too: nothing of the later instant is left.
  await jump(window, 2000);
  const back = window.order.slice(window.order.lastIndexOf('replay') + 1);
  expect(back.filter((entry) => entry === 'stream 2').length).toBe(20);
  const late = window.of(streams.sample).slice(-20);
  expect(late.map(({ payload }) => Number(new DataView(payload.buffer, payload.byteOffset).getBigUint64(0, true)))).toEqual(
    Array.from({ length: 20 }, (_, index) => index * 100_000_000 + 1),
  );
  expect(window.gaps).toEqual([]);
});

test('a window that comes late sees where the replay stands and what was told', async () => {
  const { session, window } = await replaying();
  await jump(window, 10_000);
  const late = await SessionWindow.open(session);
  expect(late.event('replay')?.positionMs).toBeCloseTo(10_000, 0);
  expect(late.of(streams.sample).length).toBe(100);
});

test('played fast it tells every frame once, in order, and stops at its end', async () => {
  const { window } = await replaying(6);
  await window.ask('replay', { playing: true, speed: 16 });
  await expect.poll(() => window.event('replay')?.playing, { timeout: 5000 }).toBe(false);
  const { positionMs, durationMs } = window.event('replay') ?? {};
  expect(positionMs).toBe(durationMs);
  await window.paint(streams.sample);
  const times = window.of(streams.sample).map(({ payload }) => new DataView(payload.buffer, payload.byteOffset).getBigUint64(0, true));
  expect(times).toEqual([...times].sort((a, b) => (a < b ? -1 : 1)));
  expect(times.length).toBeGreaterThan(1);
  // Play once more begins at the start.
  await window.ask('replay', { playing: true });
  await expect.poll(() => window.event('replay')?.positionMs ?? 1e9).toBeLessThan(3000);
});

test('what is no recording, and a verb without one, are refused in words', async () => {
  const session = sessionOn(() => new RecordingTarget('/nowhere/x.mcap'), { kind: 'recording', name: 'x.mcap' });
  await session.start();
  const window = await SessionWindow.open(session);
  expect(window.event('target')).toMatchObject({ phase: 'failed', reason: { detail: 'There is no recording /nowhere/x.mcap.' } });
  expect(await window.ask('replay', { playing: true })).toMatchObject({ ok: false, error: { code: 'not-available' } });
  expect(await window.ask('replay', { speed: 40 })).toMatchObject({ ok: false, error: { code: 'bad-arguments' } });
});
