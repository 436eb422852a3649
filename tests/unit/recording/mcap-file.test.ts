// The file as other MCAP programs see it, and as it is after everything that can end a recording early.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { McapIndexedReader, McapStreamReader, type McapTypes } from '@mcap/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { streams } from '#common/frame.ts';
import { channelIds } from '../../../main/node/recording/channels.ts';
import { RecordingReader } from '../../../main/node/recording/recording-reader.ts';
import { decompress } from '../../../main/node/recording/zstd.ts';
import { eventfulSession, greet, openBytes, ScriptedRecorder, scratchFolder, scriptStartNs } from '../../support/recorded-script.ts';
import { logPayload, samplePayload } from '../../support/wire-payloads.ts';

const decompressHandlers = { zstd: (bytes: Uint8Array, size: bigint) => decompress(bytes, Number(size)) };

const readableOf = (bytes: Uint8Array) => ({
  size: async () => BigInt(bytes.length),
  read: async (offset: bigint, size: bigint) => bytes.slice(Number(offset), Number(offset + size)),
});

async function finished(seconds: number): Promise<Buffer> {
  const script = await ScriptedRecorder.start();
  await eventfulSession(script, seconds);
  await script.recorder.stop();
  return script.bytes();
}

test('an independent reader finds every stream under its topic, with schemas, times and metadata', async () => {
  const bytes = await finished(3);
  const reader = await McapIndexedReader.Initialize({ readable: readableOf(bytes), decompressHandlers });
  expect(reader.header.profile).toBe('ringscope');
  const counts = new Map<string, number>();
  for await (const { channelId } of reader.readMessages({ validateCrcs: true })) {
    const topic = reader.channelsById.get(channelId)?.topic ?? '';
    counts.set(topic, (counts.get(topic) ?? 0) + 1);
  }
  expect(Object.fromEntries(counts)).toMatchObject({
    '/ringscope/control': 6,
    '/ringscope/sample': 30,
    '/ringscope/ring': 12,
    '/ringscope/log': 3,
    '/ringscope/console': 1,
  });
  const control = [...reader.channelsById.values()].find(({ topic }) => topic === '/ringscope/control');
  expect(control?.messageEncoding).toBe('json');
  const schema = reader.schemasById.get(control?.schemaId ?? 0);
  expect(schema?.encoding).toBe('jsonschema');
  const variants = JSON.parse(Buffer.from(schema?.data ?? []).toString()) as { oneOf: { properties: { type: { const: string } } }[] };
  expect(variants.oneOf.map(({ properties }) => properties.type.const)).toEqual(expect.arrayContaining(['hello', 'devices', 'target']));
  expect(reader.metadataIndexes.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['ringscope', 'ringscope.target', 'ringscope.end']),
  );
});

test('a sample is published at the kernel’s time and logged when it came', async () => {
  const script = await ScriptedRecorder.start();
  greet(script, '1000000000000000000');
  script.nowNs += 5_000_000_000n;
  script.bulk(streams.sample, samplePayload(42n));
  script.bulk(streams.log, logPayload([7]));
  await script.recorder.stop();
  const reader = await openBytes(script.bytes());
  const sample = await reader.newest(streams.sample, reader.endNs);
  expect(sample?.kernelNs).toBe(1_000_000_000_000_000_042n);
  expect(sample?.timeNs).toBeGreaterThanOrEqual(scriptStartNs + 5_000_000_000n);
  expect((await reader.newest(streams.log, reader.endNs))?.kernelNs).toBe(1_000_000_000_007_000_000n);
});

/** What an independent reader makes of a prefix: the messages of every whole chunk, and where the chunks end. */
function wholeChunks(bytes: Uint8Array): { end: number; messages: number }[] {
  const reader = new McapStreamReader({ includeChunks: true, decompressHandlers, validateCrcs: true });
  reader.append(bytes);
  const found: { end: number; messages: number }[] = [];
  for (;;) {
    let record: McapTypes.TypedMcapRecord | undefined;
    try {
      record = reader.nextRecord();
    } catch {
      break;
    }
    if (!record) break;
    if (record.type === 'Chunk') found.push({ end: bytes.length - reader.bytesRemaining(), messages: 0 });
    const last = found.at(-1);
    if (record.type === 'Message' && last) last.messages += 1;
  }
  return found;
}

async function countMessages(reader: RecordingReader): Promise<number> {
  let count = 0;
  for (const channel of Object.values(channelIds)) for await (const _ of reader.between(channel, -1n, reader.endNs)) count += 1;
  return count;
}

test('any prefix of a file opens with everything up to its last whole chunk, or says that there is nothing', async () => {
  const bytes = await finished(4);
  const chunks = wholeChunks(bytes);
  expect(chunks.length).toBeGreaterThan(10);
  const all = chunks.reduce((sum, { messages }) => sum + messages, 0);
  const folder = scratchFolder();
  const check = async (length: number) => {
    const path = join(folder, 'cut.mcap');
    writeFileSync(path, bytes.subarray(0, length));
    const wanted = chunks.filter(({ end }) => end <= length).reduce((sum, { messages }) => sum + messages, 0);
    const opened = await RecordingReader.open(path);
    if (!opened.ok) {
      expect(wanted).toBe(0);
      expect(opened.error).toMatch(/cut\.mcap cannot be opened\. It ends before anything was recorded\.$/);
      return;
    }
    expect(await countMessages(opened.value)).toBe(wanted);
    const { remark, index } = opened.value;
    if (length === bytes.length) expect(remark).toBeNull();
    else expect(remark).toMatch(index.isEnded ? /nothing that was recorded is lost/ : /was not ended.*lost/);
    // Only with every chunk there may it say that nothing is lost.
    if (index.isEnded) expect(wanted).toBe(all);
    await opened.value.close();
  };
  // Every boundary and its neighbours, then anything.
  for (const { end } of chunks) for (const length of [end - 1, end, end + 1]) await check(length);
  for (const length of [0, 1, 7, 8, 9, 40, bytes.length - 1, bytes.length - 8, bytes.length - 40, bytes.length]) await check(length);
  await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: bytes.length }), check), { numRuns: 150 });
});

test('bytes that were damaged in the middle cost their chunk and are told', async () => {
  const bytes = await finished(3);
  const chunk = wholeChunks(bytes)[4];
  if (!chunk) throw new Error('There are too few chunks.');
  const damaged = Buffer.from(bytes);
  for (let at = chunk.end - 20; at < chunk.end - 4; at += 1) damaged[at] = (damaged[at] ?? 0) ^ 0x5a;
  const reader = await openBytes(damaged);
  const whole = await openBytes(bytes);
  expect(await countMessages(reader)).toBe((await countMessages(whole)) - chunk.messages);
  expect(reader.remark).toMatch(/1 chunks are damaged/);
});

test('what is no recording is refused in words', async () => {
  const folder = scratchFolder();
  const path = join(folder, 'x.mcap');
  writeFileSync(path, 'certainly no recording, but long enough to look at');
  expect(await RecordingReader.open(path)).toMatchObject({ ok: false, error: 'x.mcap cannot be opened. It is no MCAP file.' });
  expect(await RecordingReader.open(join(folder, 'none.mcap'))).toMatchObject({
    ok: false,
    error: expect.stringMatching(/^There is no recording/),
  });
});
