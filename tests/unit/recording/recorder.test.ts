// What the recorder does when the disk is full or slow, when a file is long enough, and when there is a past to begin with.
import { expect, test } from 'vitest';
import { streams } from '#common/frame.ts';
import { channelIds } from '../../../main/node/recording/channels.ts';
import { jsonOf } from '../../../main/node/recording/recording-reader.ts';
import { stateAt } from '../../../main/node/recording/state-at.ts';
import { Kept } from '../../../main/node/session/kept.ts';
import { splitBatch } from '../../../main/node/session/log-records.ts';
import type { MemorySink } from '../../support/memory-sink.ts';
import { eventfulSession, greet, openBytes, ScriptedRecorder } from '../../support/recorded-script.ts';
import { devicesEvent, helloEvent, logPayload, ringPayload, samplePayload, tableEvent } from '../../support/wire-payloads.ts';

test('a full disk ends the recording with a reason, and the file holds everything up to its last whole chunk', async () => {
  let sink: MemorySink | undefined;
  const script = await ScriptedRecorder.start({}, (made) => {
    made.capacityBytes = 60_000;
    sink = made;
  });
  for (let second = 0; second < 200 && script.recorder.state.state === 'recording'; second += 1) {
    for (let line = 0; line < 50; line += 1) script.bulk(streams.sample, samplePayload(BigInt(second * 1000 + line) * 7919n));
    await script.second();
  }
  const { state, reason, bytes } = script.recorder.state;
  expect(state).toBe('failed');
  expect(reason).toMatch(/The disk is full.*last whole chunk.*Free some space/);
  expect(sink?.isClosed).toBe(true);
  // What was taken in part was cut off again.
  expect(sink?.bytes.length).toBe(bytes);
  const reader = await openBytes(script.bytes());
  expect(reader.index.lostBytes).toBe(0);
  let last = 0n;
  for await (const { timeNs } of reader.between(streams.sample, -1n, reader.endNs)) last = timeNs;
  expect(last).toBeGreaterThan(0n);
  // Nothing that comes later disturbs it.
  script.bulk(streams.sample, samplePayload(1n));
  script.recorder.flush();
  await script.recorder.stop();
  expect(script.recorder.state.state).toBe('failed');
});

test('a disk that is too slow costs frames, which are counted and told in the file', async () => {
  let open: () => void = () => undefined;
  const script = await ScriptedRecorder.start({}, (sink) => {
    sink.gate = new Promise((resolve) => {
      open = resolve;
    });
  });
  await script.written();
  const megabyte = new Uint8Array(1_000_000);
  for (let frame = 0; frame < 60; frame += 1) script.bulk(streams.console, megabyte);
  const { droppedFrames } = script.recorder.state;
  expect(droppedFrames).toBeGreaterThan(10);
  open();
  await script.written();
  await script.second();
  await script.second();
  await script.recorder.stop();
  const reader = await openBytes(script.bytes());
  expect(reader.remark).toContain(`${droppedFrames} frames were not recorded`);
  const marks = [];
  for await (const message of reader.between(channelIds.mark, -1n, reader.endNs)) marks.push(jsonOf(message));
  expect(marks).toContainEqual({ kind: 'lost', text: `${droppedFrames} frames were not recorded: the disk took them too slowly` });
});

test('a part that is long enough is followed by one that begins with what was kept', async () => {
  const kept = new Kept();
  const script = await ScriptedRecorder.start({ kept: () => kept.items(), limits: { maximumBytes: 1e9, maximumSeconds: 5 } });
  greet(script);
  for (const event of [helloEvent('1780000000000000000'), devicesEvent(), tableEvent()]) kept.addEvent(event);
  for (let second = 0; second < 12; second += 1) {
    const payload = logPayload([second + 1]);
    script.bulk(streams.log, payload);
    const batch = splitBatch(payload);
    if (batch.ok) kept.addLog(batch.value);
    await script.second();
  }
  await script.recorder.stop();
  expect([...script.sinks.keys()]).toEqual(['script-001.mcap', 'script-002.mcap', 'script-003.mcap']);
  expect(script.recorder.state.name).toBe('script-003.mcap');
  expect(script.recorder.state.bytes).toBe([1, 2, 3].reduce((sum, part) => sum + script.bytes(part).length, 0));
  const counts: number[] = [];
  for (const part of [1, 2, 3]) {
    const reader = await openBytes(script.bytes(part));
    expect(reader.remark).toBeNull();
    const sequences = new Kept();
    for (const { stream, payload } of await stateAt(reader, reader.endNs)) {
      const batch = stream === streams.log ? splitBatch(payload) : null;
      if (batch?.ok) sequences.addLog(batch.value);
    }
    const log = [...sequences.items()].flatMap((item) => {
      const batch = item.type === 'bulk' ? splitBatch(item.payload) : null;
      return batch?.ok ? batch.value.records.map(({ sequence }) => Number(sequence)) : [];
    });
    expect(log).toEqual(log.map((_, index) => index + 1));
    counts.push(log.length);
  }
  // Each part knows the whole log up to its own end.
  expect(counts).toEqual([6, 12, 12]);
});

test('a part that is large enough is followed by another', async () => {
  const script = await ScriptedRecorder.start({ limits: { maximumBytes: 30_000, maximumSeconds: 1e6 } });
  await eventfulSession(script, 30);
  await script.recorder.stop();
  expect(script.sinks.size).toBeGreaterThan(1);
});

test('what was kept is written first and marked: it lies before the recording’s beginning, with the kernel’s own times', async () => {
  const kept = new Kept();
  for (const event of [helloEvent('1780000000000000000'), devicesEvent(), tableEvent()]) kept.addEvent(event);
  const batch = splitBatch(logPayload([1, 2, 3]));
  if (batch.ok) kept.addLog(batch.value);
  kept.addSample(samplePayload(100n));
  kept.addSnapshot('a ring', streams.ring, ringPayload('rx', 0, 2));
  for (const fromStart of [true, false]) {
    const script = await ScriptedRecorder.start({ kept: () => kept.items(), fromStart });
    await script.second();
    script.bulk(streams.sample, samplePayload(200n));
    await script.recorder.stop();
    const reader = await openBytes(script.bytes());
    expect(reader.value('ringscope', 'fromStart')).toBe(String(fromStart));
    const before = await stateAt(reader, reader.startNs);
    expect(before.map(({ stream }) => stream).sort()).toEqual(fromStart ? [0, 0, 0, 0, 1, 2, 3] : [0, 0, 0, 3]);
    const samples = [];
    for await (const { timeNs, kernelNs } of reader.between(streams.sample, -1n, reader.endNs))
      samples.push([timeNs <= reader.startNs, kernelNs - 1780000000000000000n]);
    expect(samples).toEqual(
      fromStart
        ? [
            [true, 100n],
            [false, 200n],
          ]
        : [[false, 200n]],
    );
  }
});
