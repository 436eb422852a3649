// The golden frames, written by `driver/wire` (its example `golden`), read with the application's own readers.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { encodeFrame, type Frame, FrameDecoder, type FrameEvent, kinds, type Stream, streams } from '#common/frame.ts';
import { readBufferSnapshot } from '#common/layouts/buffer.ts';
import { readLogBatch } from '#common/layouts/log-batch.ts';
import { readSample } from '#common/layouts/sample.ts';
import { readRegistersSnapshot, readRingSnapshot, readVectorsSnapshot } from '#common/layouts/snapshot.ts';
import { readTraceBatch } from '#common/layouts/trace-batch.ts';
import { agentEvent, agentVerbs, reply, request } from '#common/protocol.ts';
import { decodeControl } from '../../main/node/agent/control-message.ts';

interface Golden {
  readonly file: string;
  readonly title: string;
  readonly sender: 'client' | 'server';
  readonly expected: readonly unknown[];
}

const folder = new URL('../fixtures/wire/', import.meta.url);
const bytesOf = (file: string): Buffer => readFileSync(new URL(file, folder));
const cases: Golden[] = JSON.parse(readFileSync(new URL('golden.json', folder), 'utf8'));

const hexadecimal = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Values as golden.json writes them: 64-bit integers as decimal text, bytes as hexadecimal text. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Uint8Array) return hexadecimal(value);
  if (value instanceof BigUint64Array) return Array.from(value, String);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, of]) => [key, plain(of)]));
  return value;
}

const readers = {
  [streams.log]: readLogBatch,
  [streams.sample]: readSample,
  [streams.ring]: readRingSnapshot,
  [streams.registers]: readRegistersSnapshot,
  [streams.vectors]: readVectorsSnapshot,
  [streams.trace]: readTraceBatch,
  [streams.buffer]: readBufferSnapshot,
} as const;

function fitsSchema(sender: Golden['sender'], message: unknown): boolean {
  if (sender === 'server') return reply.safeParse(message).success || agentEvent.safeParse(message).success;
  const opened = request.safeParse(message);
  if (!opened.success) return false;
  const verbs: Record<string, { safeParse(value: unknown): { success: boolean } }> = agentVerbs;
  return verbs[opened.data.verb]?.safeParse(opened.data.arguments).success ?? false;
}

function described(sender: Golden['sender'], { stream, sequence, payload }: Frame): unknown {
  const kind = stream === streams.control ? 'control' : 'bulk';
  const bad = (error: string) => ({ type: 'bad-payload', stream, sequence, error });
  const good = (content: unknown) => ({ type: 'frame', kind, stream, sequence, content });
  if (stream === streams.console || stream === streams.terminal) return good(hexadecimal(payload));
  if (stream !== streams.control) {
    const read = readers[stream](payload);
    return read.ok ? good(plain(read.value)) : bad('bad-record');
  }
  const message = decodeControl(payload);
  if (!message.ok) return bad(message.error.name);
  return fitsSchema(sender, message.value) ? good(message.value) : bad('bad-message');
}

function readIn(chunkBytes: number, { file, sender }: Golden): unknown[] {
  const bytes = bytesOf(file);
  const decoder = new FrameDecoder();
  const events: FrameEvent[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) events.push(...decoder.push(bytes.subarray(at, at + chunkBytes)));
  events.push(...decoder.end());
  return events.map((event) => (event.type === 'frame' ? described(sender, event.frame) : event));
}

test.each(cases)('$title ($file) is read as Rust reads it, however it is split', (golden) => {
  for (const chunkBytes of [1, 7, 4096]) expect(readIn(chunkBytes, golden)).toEqual(golden.expected);
});

test('the encoder writes the golden frames without a fault byte for byte', () => {
  const whole = cases.filter(({ expected }) => expected.every((one) => (one as { type: string }).type === 'frame'));
  expect(whole.length).toBeGreaterThan(Object.keys(streams).length);
  for (const { file } of whole) {
    const events = new FrameDecoder().push(bytesOf(file));
    const again = events.flatMap((event) => (event.type === 'frame' ? [encodeFrame(event.frame)] : []));
    expect(Buffer.concat(again)).toEqual(bytesOf(file));
  }
});

test('every stream has a good frame', () => {
  const good = cases.flatMap(({ expected }) => expected as { type: string; stream: Stream; kind: keyof typeof kinds }[]);
  const seen = new Set(good.filter(({ type }) => type === 'frame').map(({ stream, kind }) => `${kind} ${stream}`));
  for (const stream of Object.values(streams)) {
    expect(seen).toContain(`${kinds.control === stream ? 'control' : 'bulk'} ${stream}`);
  }
});
