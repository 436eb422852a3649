// Recording a session on a real disk, through the session's own verbs, and opening what was written in its place.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { streams } from '#common/frame.ts';
import { recordSession } from '../../main/node/cli/record-session.ts';
import { RecordingReader } from '../../main/node/recording/recording-reader.ts';
import { Session } from '../../main/node/session/session.ts';
import { createTargets } from '../../main/node/targets.ts';
import { FakeTarget } from '../support/fake-target.ts';
import { sequencesOf, sessionOn } from '../support/running-session.ts';
import { SessionWindow, settle } from '../support/session-window.ts';
import { deviceAddress, logPayload, ringPayload, samplePayload } from '../support/wire-payloads.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringscope-data-'));
  vi.stubEnv('XDG_DATA_HOME', folder);
  vi.stubEnv('XDG_CONFIG_HOME', join(folder, 'config'));
  vi.stubEnv('XDG_RUNTIME_DIR', join(folder, 'run'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

const recordings = () => join(folder, 'ringscope', 'recordings');

async function recorded() {
  const target = new FakeTarget();
  const session = sessionOn((choice) => (choice.kind === 'recording' ? createTargets({ name: 'x' })(choice) : target));
  await session.start();
  const agent = target.bringAgent();
  await settle();
  const window = await SessionWindow.open(session);
  return { target, session, agent, window };
}

test('a session is recorded, listed, opened in its own place, exported and deleted', async () => {
  const { agent, window, target } = await recorded();
  agent.send(streams.log, logPayload([1, 2, 3]));
  target.speak('login: ');
  await settle();
  expect(await window.ask('record', { on: true, fromStart: true })).toMatchObject({ ok: true });
  // Nobody looks at the rings, so the recorder does.
  expect(agent.asked('watch')).toEqual(['ring:rx:0', 'ring:tx:0', 'vectors'].map((what) => ({ device: deviceAddress, what, hz: 5 })));
  expect(await window.ask('record', { on: true })).toMatchObject({ ok: false, error: { code: 'busy' } });
  agent.send(streams.sample, samplePayload(10n));
  agent.send(streams.ring, ringPayload('rx', 0, 2));
  agent.send(streams.log, logPayload([4]));
  await settle();
  await expect.poll(() => window.event('recording')?.bytes ?? 0, { timeout: 5000 }).toBeGreaterThan(1000);
  const name = window.event('recording')?.name ?? '';
  expect(await window.ask('delete-recording', { name })).toMatchObject({ ok: false, error: { code: 'busy' } });
  await window.ask('record', { on: false });
  await expect.poll(() => window.event('recordings')?.items.length).toBe(1);
  expect(window.event('recording')).toMatchObject({ state: 'idle', droppedFrames: 0, reason: null });
  expect(window.event('recordings')?.items[0]).toMatchObject({ name, complete: true, remark: null });
  // The recorder's watches end with it.
  expect(
    agent
      .asked('watch')
      .slice(3)
      .map(({ hz }) => hz),
  ).toEqual([0, 0, 0]);
  expect(statSync(recordings()).mode & 0o777).toBe(0o700);
  expect(statSync(join(recordings(), name)).mode & 0o777).toBe(0o600);

  const before = window.order.length;
  await window.ask('choose-target', { target: { kind: 'recording', name } });
  await expect.poll(() => window.event('replay')?.name).toBe(name);
  await window.ask('replay', { positionMs: 1e9, playing: false });
  await expect.poll(() => window.event('replay')?.jump).toBe(2);
  await settle();
  expect(window.event('target')).toMatchObject({ kind: 'recording', phase: 'live' });
  expect(sequencesOf(window).slice(-4)).toEqual([1, 2, 3, 4]);
  expect(window.order.slice(before)).toEqual(expect.arrayContaining(['hello', 'devices', 'table', 'stream 1', 'stream 2', 'stream 6']));

  await window.ask('export-recording', { name, format: 'log' });
  await expect.poll(() => window.event('exported')?.path).toBe(join(recordings(), 'exports', name.replace('.mcap', '.log')));
  expect(await window.ask('export-recording', { name, format: 'pcapng' })).toMatchObject({ ok: false });
  await window.ask('delete-recording', { name });
  await expect.poll(() => window.event('recordings')?.items.length).toBe(0);
  expect(await window.ask('delete-recording', { name: '../x.mcap' })).toMatchObject({ ok: false, error: { code: 'bad-arguments' } });
});

test('ending the session ends the file properly', async () => {
  const { session, window, agent } = await recorded();
  await window.ask('record', { on: true });
  agent.send(streams.sample, samplePayload(10n));
  await settle();
  await session.close();
  const [name = ''] = readdirSync(recordings());
  const opened = await RecordingReader.open(join(recordings(), name));
  if (!opened.ok) throw new Error(opened.error);
  expect(opened.value.remark).toBeNull();
  await opened.value.close();
});

/** A disk of 300 KiB, or null where this user may not make one. */
function smallDisk(): { end(): void } | null {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'ringscope-test', folder], { stdio: 'ignore' });
    return { end: () => execFileSync('umount', ['--lazy', folder]) };
  } catch {
    return null;
  }
}

test('a disk that is really full ends the recording in words, and the session goes on', async ({ skip }) => {
  const disk = smallDisk();
  if (!disk) {
    skip('this user may not mount a small disk');
    return;
  }
  try {
    const { window, agent } = await recorded();
    await window.ask('record', { on: true });
    const noise = () => Uint8Array.from({ length: 100_000 }, () => Math.floor(Math.random() * 256));
    for (let piece = 0; piece < 8 && window.event('recording')?.state === 'recording'; piece += 1) {
      const payload = samplePayload(BigInt(piece), { counters: [...new BigUint64Array(noise().buffer)] });
      agent.send(streams.sample, payload.subarray(0, payload.length));
      const { bytes = 0 } = window.event('recording') ?? {};
      await expect
        .poll(() => window.event('recording')?.state !== 'recording' || (window.event('recording')?.bytes ?? 0) > bytes, { timeout: 5000 })
        .toBe(true);
    }
    expect(window.event('recording')).toMatchObject({ state: 'failed', reason: expect.stringMatching(/^The disk is full\./) });
    expect(window.event('notice')).toMatchObject({ severity: 'error', code: 'recording-failed' });
    const name = window.event('recording')?.name ?? '';
    const opened = await RecordingReader.open(join(recordings(), name));
    if (!opened.ok) throw new Error(opened.error);
    expect(opened.value.index.lostBytes).toBe(0);
    expect(await opened.value.newest(streams.sample, opened.value.endNs)).not.toBeNull();
    await opened.value.close();
    // The session is unharmed, and a recording can begin again once there is room.
    agent.send(streams.log, logPayload([9]));
    await settle();
    expect(sequencesOf(window)).toContain(9);
    await window.ask('delete-recording', { name });
    expect(await window.ask('record', { on: true })).toMatchObject({ ok: true });
    await window.ask('record', { on: false });
    await expect.poll(() => window.event('recording')?.state).toBe('idle');
  } finally {
    disk.end();
  }
});

test('the command line records for some seconds and brings the file where it is wanted', async () => {
  const target = new FakeTarget();
  target.onStart = () => {
    const agent = target.bringAgent();
    agent.beforeReply = ((before) => (request) => {
      before(request);
      if (request.verb === 'sample') agent.send(streams.sample, samplePayload(5n));
    })(agent.beforeReply);
  };
  const steps: string[] = [];
  const output = join(folder, 'wanted.mcap');
  const done = await recordSession({
    name: 'cli',
    target: { kind: 'lab' },
    seconds: 1,
    output,
    asked: { fromStart: true },
    onStep: (step) => void steps.push(step),
    signal: new AbortController().signal,
    access: {
      join: async () => null,
      start: async () => {
        const session = new Session({ createTarget: () => target, first: { kind: 'lab' }, applicationVersion: '9.9.9' });
        void session.start();
        return { session, close: () => session.close() };
      },
    },
  });
  expect(done).toMatchObject({ files: [{ path: output }], droppedFrames: 0, reason: null });
  expect(done.seconds).toBeGreaterThanOrEqual(1);
  expect(existsSync(output)).toBe(true);
  expect(readdirSync(recordings())).toEqual([]);
  expect(steps).toContain('Recording for 1 s');
});
