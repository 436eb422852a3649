// An export of this window, and where its user wants a copy.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { transportPair } from '../../main/node/session/memory-transport.ts';
import { Session } from '../../main/node/session/session.ts';
import { createTargets } from '../../main/node/targets.ts';
import { SessionWindow, settle } from '../support/session-window.ts';
import { type Run, run } from './stand-in/run.ts';
import { Preventable } from './stand-in/strict.ts';

let data = '';
let path = '';
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'ringscope-data-'));
  vi.stubEnv('XDG_DATA_HOME', data);
  path = join(data, 'made.csv');
  writeFileSync(path, 'time,value\n1,2\n');
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(data, { recursive: true });
});

/** The page connects, and its session tells of a file that it had made. */
async function exportIn(started: Run, made = path): Promise<void> {
  const { electron, window, listeners } = started;
  const before = listeners.length;
  await vi.waitFor(() => {
    electron.emitIpc('ringscope-connect', {
      sender: window().webContents,
      senderFrame: { url: 'app://ringscope/', parent: null, postMessage: () => undefined },
    });
    expect(listeners.length).toBeGreaterThan(before);
  });
  listeners.at(-1)?.onExported?.({ type: 'exported', name: 'a.mcap', path: made, bytes: 15, remark: null });
}

async function saveAt(started: Run, to: string): Promise<void> {
  await exportIn(started);
  await vi.waitUntil(() => started.electron.dialogs.save.length > 0);
  started.electron.dialogs.save[0]?.answer({ canceled: false, filePath: to });
}

const boxes = ({ electron }: Run) => electron.calls.filter((call) => call.includes(' box: '));

it('is copied where the user says, under its own name unless told otherwise', async () => {
  const started = await run();
  await exportIn(started);
  await vi.waitUntil(() => started.electron.dialogs.save.length > 0);
  const [asked] = started.electron.dialogs.save;
  expect(asked?.options).toMatchObject({
    title: 'Save Export',
    defaultPath: 'made.csv',
    filters: [{ name: 'csv', extensions: ['csv'] }, { name: 'All files' }],
    properties: ['showOverwriteConfirmation', 'createDirectory'],
  });
  const to = join(data, 'wanted.csv');
  writeFileSync(to, 'what was there, and longer than what comes');
  asked?.answer({ canceled: false, filePath: to });
  await vi.waitFor(() => expect(readFileSync(to, 'utf8')).toBe('time,value\n1,2\n'));
  expect(readdirSync(data).sort()).toEqual(['made.csv', 'wanted.csv']);
  expect(boxes(started)).toEqual([]);
});

it('stays in the exports folder when the user cancels; the next one is asked about after it', async () => {
  const started = await run();
  await exportIn(started);
  await exportIn(started, join(data, 'second.log'));
  await vi.waitUntil(() => started.electron.dialogs.save.length > 0);
  await settle();
  expect(started.electron.dialogs.save).toHaveLength(1);
  started.electron.dialogs.save[0]?.answer({ canceled: true, filePath: join(data, 'marked.csv') });
  await vi.waitUntil(() => started.electron.dialogs.save.length === 2);
  expect(started.electron.dialogs.save[1]?.options.defaultPath).toBe('second.log');
  expect(readdirSync(data)).toEqual(['made.csv']);
  expect(boxes(started)).toEqual([]);
});

function folderWithin(): string {
  const folder = join(data, 'folder/within');
  mkdirSync(folder, { recursive: true });
  return folder;
}

it.each([
  ['a folder that is gone', () => join(data, 'gone/wanted.csv'), /no longer there/],
  ['a folder itself', () => folderWithin(), /is a folder\. Choose a name for a file\./],
  ['a file system that takes no files', () => '/proc/wanted.csv', /cannot be written|no longer there/],
])('says why it could not be saved at %s, and where it is', async (_kind, place, why) => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const started = await run();
  await saveAt(started, place());
  await vi.waitFor(() => expect(boxes(started)).toEqual(['message box: The export could not be saved there.']));
  expect(started.electron.given.detail).toMatch(why);
  expect(started.electron.given.detail).toMatch(new RegExp(` The export itself is in ${path}\\.$`));
  expect(said).toHaveBeenCalledOnce();
  expect(readdirSync(data, { recursive: true }).filter((name) => String(name).includes('part'))).toEqual([]);
  expect(readFileSync(path, 'utf8')).toBe('time,value\n1,2\n');
});

it('leaves the file that it was to replace when the disk is full', async ({ skip }) => {
  const disk = join(data, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'ringscope-test', disk], { stdio: 'ignore' });
  } catch {
    skip('this user may not mount a small disk');
  }
  try {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    writeFileSync(path, Buffer.alloc(100_000, 'x'));
    const to = join(disk, 'wanted.csv');
    writeFileSync(to, 'earlier');
    const started = await run();
    await saveAt(started, to);
    await vi.waitFor(() => expect(boxes(started)).toHaveLength(1));
    expect(started.electron.given.detail).toMatch(/the disk is full\. Free some space, or choose another place\./);
    expect(readFileSync(to, 'utf8')).toBe('earlier');
    expect(readdirSync(disk)).toEqual(['wanted.csv']);
  } finally {
    execFileSync('umount', [disk]);
  }
});

it('says where it is when there can be no dialog, and asks about the next', async () => {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const started = await run();
  await exportIn(started);
  await vi.waitUntil(() => started.electron.dialogs.save.length > 0);
  started.electron.dialogs.save[0]?.fail(new Error('There is no portal.'));
  await vi.waitFor(() => expect(boxes(started)).toEqual(['message box: Nobody could be asked where to save the export.']));
  expect(started.electron.given.detail).toBe(`There is no portal. It is in ${path}.`);
  await exportIn(started);
  await vi.waitUntil(() => started.electron.dialogs.save.length === 2);
});

it('is not asked about over a window that is gone', async () => {
  const started = await run();
  started.window().isDestroyed = true;
  await exportIn(started);
  await settle();
  expect(started.electron.dialogs.save).toEqual([]);
});

it('is whole before the application ends', async () => {
  const large = Buffer.alloc(50_000_000, 'x');
  writeFileSync(path, large);
  const started = await run();
  const to = join(data, 'wanted.csv');
  await saveAt(started, to);
  // Let the answer arrive, so that the copy has begun.
  await Promise.resolve();
  await Promise.resolve();
  await Promise.resolve();
  const { calls } = started.electron;
  const atExit = new Promise<Buffer | null>((resolve) => {
    vi.spyOn(calls, 'push').mockImplementation((call) => {
      calls[calls.length] = call;
      if (call === 'exit 0') resolve(existsSync(to) ? readFileSync(to) : null);
      return calls.length;
    });
  });
  started.electron.emit('will-quit', new Preventable());
  expect((await atExit)?.equals(large)).toBe(true);
});

it('is told to the client that had it made, of a recording wherever it lies, and to no other', async () => {
  const elsewhere = join(data, 'else where.mcap');
  copyFileSync(join(import.meta.dirname, '../fixtures/recording/lab.mcap'), elsewhere);
  const session = new Session({
    createTarget: createTargets({ name: 'x' }),
    first: { kind: 'recording', path: elsewhere },
    applicationVersion: '9.9.9',
  });
  try {
    await session.start();
    const heard: string[] = [];
    const [here, there] = transportPair();
    session.attach(there, { onExported: (exported) => heard.push(exported.path) });
    const mine = new SessionWindow(here);
    await mine.ask('hello', { protocol: 1, application: 'test' });
    const other = await SessionWindow.open(session);
    await other.ask('export-recording', { format: 'log' });
    const made = join(data, 'ringscope/recordings/exports', 'else where.log');
    await vi.waitUntil(() => mine.event('exported')?.path === made);
    expect(heard).toEqual([]);
    mine.send('export-recording', { format: 'log' });
    await vi.waitFor(() => expect(heard).toEqual([made]));
    expect(readFileSync(made, 'utf8')).toContain('igb');
    // The wire names files of the folder, whatever was opened.
    expect(await mine.ask('export-recording', { name: elsewhere, format: 'log' })).toMatchObject({
      ok: false,
      error: { code: 'bad-arguments' },
    });
    expect(await mine.ask('choose-target', { target: { kind: 'recording', path: elsewhere } })).toMatchObject({
      ok: false,
      error: { code: 'bad-arguments' },
    });
  } finally {
    await session.close();
  }
});
