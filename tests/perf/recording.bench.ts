// A two-hour recording: how long until it is open, and until another instant is shown.
import { mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, test } from 'vitest';
import { FrameDecoder, streams } from '#common/frame.ts';
import { encodeControl } from '../../main/node/agent/control-message.ts';
import { RecordingReader } from '../../main/node/recording/recording-reader.ts';
import { RecordingTarget } from '../../main/node/recording/recording-target.ts';
import { stateAt } from '../../main/node/recording/state-at.ts';
import { transportPair } from '../../main/node/session/memory-transport.ts';
import { Session } from '../../main/node/session/session.ts';
import { makeLongRecording } from './long-recording.ts';
import { report } from './report.ts';

const hours = 2;
const opens = 7;
const seeks = 60;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Positions all over the recording, the same each time. */
const positionMs = (index: number) => ((index * 0.618_033_988_7) % 1) * hours * 3_600_000;

async function reading(path: string): Promise<RecordingReader> {
  const opened = await RecordingReader.open(path);
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
}

/** A window's end that only waits for jumps. */
function windowOn(session: Session) {
  const [here, there] = transportPair();
  session.attach(there);
  const decoder = new FrameDecoder();
  let frames = 0;
  let jumped: (() => void) | null = null;
  let jump = -1;
  here.onFrame((bytes) => {
    for (const event of decoder.push(bytes)) {
      if (event.type !== 'frame') continue;
      frames += 1;
      if (event.frame.stream !== streams.control) continue;
      const message = JSON.parse(Buffer.from(event.frame.payload).toString()) as { type: string; jump?: number };
      if (message.type !== 'replay' || message.jump === undefined || message.jump === jump) continue;
      jump = message.jump;
      // What belongs to the new instant follows within the same turn.
      setImmediate(() => jumped?.());
    }
  });
  let id = 0;
  const send = (verb: string, args: object) => {
    here.send(encodeControl({ type: 'request', id: id + 1, verb, arguments: args }, id));
    id += 1;
  };
  send('hello', { protocol: 1, application: 'bench' });
  return {
    frames: () => frames,
    seek: (ms: number) =>
      new Promise<void>((resolve) => {
        jumped = resolve;
        send('replay', { positionMs: ms });
      }),
  };
}

test('a two-hour recording', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringscope-bench-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  let path = '';
  const making = await timed(async () => {
    path = await makeLongRecording(folder, hours * 3600);
  });
  const bytes = statSync(path).size;
  const openTimes: number[] = [];
  for (let index = 0; index < opens; index += 1) openTimes.push(await timed(async () => (await reading(path)).close()));

  const shownTimes: number[] = [];
  for (let index = 0; index < opens; index += 1) {
    const session = new Session({
      createTarget: () => new RecordingTarget(path, { autoplay: false }),
      first: { kind: 'recording', name: 'long-001.mcap' },
      applicationVersion: 'bench',
    });
    shownTimes.push(
      await timed(async () => {
        const live = new Promise<void>((resolve) => void session.onLive(() => resolve()));
        await session.start();
        await live;
      }),
    );
    await session.close();
  }

  const coldTimes: number[] = [];
  for (let index = 0; index < seeks; index += 1) {
    const reader = await reading(path);
    const instant = reader.startNs + BigInt(Math.round(positionMs(index) * 1e6));
    coldTimes.push(await timed(() => stateAt(reader, instant)));
    await reader.close();
  }

  const session = new Session({
    createTarget: () => new RecordingTarget(path, { autoplay: false }),
    first: { kind: 'recording', name: 'long-001.mcap' },
    applicationVersion: 'bench',
  });
  onTestFinished(() => session.close());
  const live = new Promise<void>((resolve) => void session.onLive(() => resolve()));
  await session.start();
  await live;
  const window = windowOn(session);
  await window.seek(1000);
  const seekTimes: number[] = [];
  const before = window.frames();
  for (let index = 0; index < seeks; index += 1) seekTimes.push(await timed(() => window.seek(positionMs(index))));
  const framesPerSeek = Math.round((window.frames() - before) / seeks);

  // As a recorder that was killed leaves it: without its index.
  truncateSync(path, bytes - 100);
  const cutTimes: number[] = [];
  for (let index = 0; index < opens; index += 1) cutTimes.push(await timed(async () => (await reading(path)).close()));

  report(
    'recording',
    { seconds: hours * 3600, bytes, 'made in seconds': Math.round(making / 1000), 'frames told after a seek': framesPerSeek },
    [
      { name: 'open the file', unit: 'ms', values: openTimes, limit: 1000 },
      { name: 'open until its first instant is shown', unit: 'ms', values: shownTimes, limit: 1000 },
      { name: 'seek: find the state, nothing cached', unit: 'ms', values: coldTimes, limit: 100 },
      { name: 'seek: until a window was told everything', unit: 'ms', values: seekTimes, limit: 100 },
      { name: 'open a file without its index', unit: 'ms', values: cutTimes },
    ],
  );
}, 600_000);
