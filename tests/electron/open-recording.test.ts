// A recording chosen in the native dialog, or named by the command line of a first or second start.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MenuItemConstructorOptions } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTargets } from '../../main/node/targets.ts';
import { FakeTarget } from '../support/fake-target.ts';
import { sessionOn } from '../support/running-session.ts';
import { SessionWindow } from '../support/session-window.ts';
import { load, type Run, run } from './stand-in/run.ts';

let data = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'ringscope-data-'));
  vi.stubEnv('XDG_DATA_HOME', data);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(data, { recursive: true });
});

const fixture = join(import.meta.dirname, '../fixtures/recording/lab.mcap');

function item({ electron }: Run): MenuItemConstructorOptions {
  const file = electron.given.menu?.find(({ label }) => label === '&File')?.submenu as MenuItemConstructorOptions[];
  const found = file.find(({ label }) => label === '&Open Recording…');
  if (!found) throw new Error('The menu has no such item.');
  return found;
}
const choose = (started: Run) => item(started).click?.({} as never, undefined, {} as never);

describe('File, Open Recording…', () => {
  it('is there from the start, and can be chosen once there is a session', async () => {
    let goOn: () => void = () => undefined;
    const startSession = () =>
      new Promise<undefined>((resolve) => {
        goOn = () => resolve(undefined);
      });
    const started = await load({ startSession });
    started.electron.becomeReady();
    await vi.waitUntil(() => started.electron.given.menu);
    expect(item(started)).toMatchObject({ accelerator: 'CmdOrCtrl+O', enabled: false });
    goOn();
    await vi.waitUntil(() => item(started).enabled);
  });

  it('begins in the folder of recordings and opens the very file that was chosen', async () => {
    const started = await run();
    choose(started);
    const [asked] = started.electron.dialogs.open;
    expect(asked?.options).toEqual({
      title: 'Open Recording',
      defaultPath: join(data, 'ringscope/recordings'),
      filters: [{ name: 'Recordings (MCAP)', extensions: ['mcap'] }],
      properties: ['openFile'],
    });
    expect(statSync(join(data, 'ringscope/recordings')).mode & 0o777).toBe(0o700);
    asked?.answer({ canceled: false, filePaths: ['/elsewhere/a b.mcap'] });
    await vi.waitFor(() => expect(started.electron.calls.at(-1)).toBe('open /elsewhere/a b.mcap'));
  });

  it('opens nothing when it is cancelled, asks once at a time, and again after that', async () => {
    const started = await run();
    choose(started);
    choose(started);
    expect(started.electron.dialogs.open).toHaveLength(1);
    started.electron.dialogs.open[0]?.answer({ canceled: true, filePaths: ['/marked.mcap'] });
    await vi.waitFor(() => {
      choose(started);
      expect(started.electron.dialogs.open).toHaveLength(2);
    });
    expect(started.electron.calls.filter((call) => call.startsWith('open '))).toEqual([]);
  });

  it('says why when there can be no dialog', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    writeFileSync(join(data, 'ringscope'), 'a file where the folder should be');
    const started = await run();
    choose(started);
    await vi.waitFor(() => expect(started.electron.calls.at(-1)).toBe('message box: No recording could be chosen.'));
    expect(started.electron.given.detail).toMatch(/ringscope\/recordings.* What is inspected has not changed\.$/);
    expect(started.electron.dialogs.open).toEqual([]);
    expect(said).toHaveBeenCalledOnce();
    said.mockRestore();
  });

  it('shows a real recording from anywhere, and tells why another file is none', async () => {
    const session = sessionOn((choice) => (choice.kind === 'recording' ? createTargets({ name: 'x' })(choice) : new FakeTarget()));
    await session.start();
    const started = await run({ startSession: async () => ({ session, close: () => session.close() }) });
    const window = await SessionWindow.open(session);
    const elsewhere = join(data, 'else where');
    mkdirSync(elsewhere);
    const path = join(elsewhere, 'mine (1).mcap');
    copyFileSync(fixture, path);
    await vi.waitUntil(() => item(started).enabled);
    choose(started);
    started.electron.dialogs.open[0]?.answer({ canceled: false, filePaths: [path] });
    await vi.waitUntil(() => window.event('replay')?.name === 'mine (1).mcap');
    expect(window.event('target')).toMatchObject({ kind: 'recording', phase: 'live' });
    expect(window.event('replay')?.elsewhere).toBe(true);

    const none = join(elsewhere, 'none.mcap');
    writeFileSync(none, 'not a recording');
    await vi.waitFor(() => {
      choose(started);
      expect(started.electron.dialogs.open).toHaveLength(2);
    });
    started.electron.dialogs.open[1]?.answer({ canceled: false, filePaths: [none] });
    await vi.waitUntil(() => window.event('target')?.phase === 'failed');
    expect(window.event('target')).toMatchObject({
      kind: 'recording',
      reason: { title: 'The recording cannot be opened', detail: expect.stringContaining('none.mcap') },
    });
  });
});

it('a recording of the folder is known as such, however it was chosen', async () => {
  const session = sessionOn(createTargets({ name: 'x' }), { kind: 'recording', name: 'none.mcap' });
  await session.start();
  const window = await SessionWindow.open(session);
  const path = join(data, 'ringscope/recordings/mine.mcap');
  copyFileSync(fixture, path);
  await session.openRecording(path);
  await vi.waitUntil(() => window.event('replay')?.name === 'mine.mcap');
  expect(window.event('replay')).not.toHaveProperty('elsewhere');
});

describe('a second start', () => {
  it('hands its recording to the application that runs, which opens it and comes to the front', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const second = await load({ hasLock: false, readRecording: () => '/of/the second.mcap' });
    expect(second.electron.calls.at(-1)).toBe('exit 0');
    expect(said).toHaveBeenCalledWith('ringscope: Ringscope runs already; its window comes to the front and opens /of/the second.mcap.\n');
    said.mockRestore();
    const { electron, window } = await run();
    // `run` resolves with the window; who listens to second starts learns of it a moment later.
    await vi.waitFor(() => {
      electron.emit('second-instance', {}, ['ringscope'], '/', second.electron.given.secondStart);
      expect(electron.calls.at(-1)).toBe('open /of/the second.mcap');
    });
    expect(window().calls.slice(-2)).toEqual(['restore', 'focus']);
  });

  it('while the first still starts, is served when it has', async () => {
    const started = await load();
    started.electron.emit('second-instance', {}, [], '/', { recording: '/early.mcap' });
    started.electron.emit('second-instance', {}, [], '/', { recording: null });
    started.electron.becomeReady();
    await vi.waitFor(() => expect(started.electron.calls.at(-1)).toBe('open /early.mcap'));
  });

  it.each([
    ['nothing', undefined],
    ['no recording', { recording: null }],
    ['a path from nowhere', { recording: 'a.mcap' }],
    ['what is not known', { recording: 7 }],
  ])('with %s only brings the window to the front', async (_kind, given) => {
    const { electron, window } = await run();
    await vi.waitFor(() => {
      electron.emit('second-instance', {}, [], '/', given);
      expect(window().calls.slice(-2)).toEqual(['restore', 'focus']);
    });
    expect(electron.calls.filter((call) => call.startsWith('open '))).toEqual([]);
  });
});

describe('a command line that names two recordings', () => {
  const sentence = 'One recording at a time: leave out b.mcap.';
  const readRecording = () => {
    throw new Error(sentence);
  };

  it('is refused in a box, once there can be one', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { electron } = await load({ readRecording });
    expect(electron.calls).toEqual(['registerSchemesAsPrivileged', 'enableSandbox']);
    electron.becomeReady();
    await vi.waitFor(() => expect(electron.calls.slice(-2)).toEqual([`error box: Ringscope could not start: ${sentence}`, 'exit 1']));
    expect(electron.windows).toEqual([]);
    said.mockRestore();
  });

  it('is refused on standard error beside an application that runs', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { electron } = await load({ readRecording, hasLock: false });
    expect(said).toHaveBeenCalledWith(`ringscope: ${sentence}\n`);
    expect(electron.calls.at(-1)).toBe('exit 1');
    said.mockRestore();
  });
});
