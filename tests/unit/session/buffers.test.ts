// What buffers hold goes to whoever asked for it, is kept for nobody, and is in no recording.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FrameDecoder, streams } from '#common/frame.ts';
import { bufferName } from '#common/protocol/buffers.ts';
import { greet, openBytes, ScriptedRecorder } from '../../support/recorded-script.ts';
import { running } from '../../support/running-session.ts';
import { SessionWindow, settle } from '../../support/session-window.ts';
import { deviceAddress } from '../../support/wire-payloads.ts';

/** The golden frame's payload: descriptor 17 of receive queue 0. */
function payload(): Uint8Array {
  const bytes = readFileSync(join(import.meta.dirname, '../../fixtures/wire/buffer-rx.bin'));
  const [event] = new FrameDecoder().push(bytes);
  if (event?.type !== 'frame') throw new Error('The golden file holds no frame.');
  return event.frame.payload;
}

const place = { device: deviceAddress, what: bufferName('rx', 0, 17) };

test('a look goes to the window that asked, before its answer, and to no other', async () => {
  const { session, agent } = await running();
  const [asking, other] = [await SessionWindow.open(session), await SessionWindow.open(session)];
  agent.beforeReply = ({ verb }) => {
    if (verb === 'read') agent.send(streams.buffer, payload());
  };
  await asking.ask('read', place);
  expect(asking.order.slice(-2)).toEqual([`stream ${streams.buffer}`, 'reply']);
  expect([asking, other].map((window) => window.of(streams.buffer).length)).toEqual([1, 0]);
});

test('a window that comes later is told nothing of it', async () => {
  const { session, agent } = await running();
  const asking = await SessionWindow.open(session);
  agent.beforeReply = ({ verb }) => {
    if (verb === 'read') agent.send(streams.buffer, payload());
  };
  await asking.ask('read', place);
  const late = await SessionWindow.open(session);
  await settle();
  expect(late.of(streams.buffer)).toEqual([]);
});

test('a look that contradicts itself is reported and dropped', async () => {
  const { session, agent } = await running();
  const asking = await SessionWindow.open(session);
  agent.send(streams.buffer, payload().subarray(0, 90));
  await settle();
  expect(asking.of(streams.buffer)).toEqual([]);
  expect(asking.event('notice')).toMatchObject({ code: 'bad-record' });
});

test('a recording has no bytes of buffers', async () => {
  const script = await ScriptedRecorder.start();
  greet(script);
  script.bulk(streams.buffer, payload());
  await script.second();
  await script.recorder.stop();
  const reader = await openBytes(script.bytes());
  const found = [];
  for await (const message of reader.between(streams.buffer, -1n, reader.endNs)) found.push(message);
  expect(found).toEqual([]);
  // The payload of the golden frame, as it would stand in a chunk that is not compressed.
  expect(Buffer.from(script.bytes()).includes(Buffer.from(payload().subarray(96, 150)))).toBe(false);
});
