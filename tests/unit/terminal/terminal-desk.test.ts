import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readTerminalOutput } from '#common/layouts/terminal-output.ts';
import type { EventOf } from '#common/protocol.ts';
import { err } from '#common/result.ts';
import type { LoadPty } from '../../../main/node/terminal/pty.ts';
import { keptBytes } from '../../../main/node/terminal/terminal.ts';
import { TerminalDesk, terminalLimit } from '../../../main/node/terminal/terminal-desk.ts';
import { type FakePty, fakePtys } from '../../support/fake-pty.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A client that keeps what it gets and acknowledges when told. */
class Reader {
  readonly outputs: { id: number; isRetold: boolean; text: string }[] = [];
  bytes = 0;

  terminal(payload: Uint8Array): void {
    const read = readTerminalOutput(payload);
    if (!read.ok) throw new Error(read.error);
    const { terminalId, isRetold, bytes } = read.value;
    this.bytes += bytes.length;
    this.outputs.push({ id: terminalId, isRetold, text: Buffer.from(bytes).toString() });
  }

  get text(): string {
    return this.outputs.map(({ text }) => text).join('');
  }
}

function desk(loadPty?: LoadPty) {
  const events: EventOf<'terminal'>[] = [];
  const ptys = fakePtys();
  const made = new TerminalDesk({ loadPty: loadPty ?? ptys.loadPty, onChange: (event) => void events.push(event) });
  return { desk: made, events, opened: ptys.opened };
}

async function openOne() {
  const all = desk();
  expect(await all.desk.open({ columns: 80, rows: 24 })).toEqual({ ok: true, value: undefined });
  const [pty] = all.opened;
  if (!pty) throw new Error('No pseudo terminal was opened.');
  return { ...all, pty };
}

const size = { columns: 80, rows: 24 };
const hundredKilobytes = `${'x'.repeat(99)}\n`.repeat(1024);

function flood(pty: FakePty, pieces: number): void {
  for (let piece = 0; piece < pieces; piece += 1) pty.print(hundredKilobytes);
}

test('a shell is announced when it opens, when it ends, and when it is closed', async () => {
  const { desk, events, pty } = await openOne();
  const open = { id: 1, title: expect.any(String), state: 'open', exitCode: null, signal: null };
  expect(events.at(-1)).toEqual({ type: 'terminal', unavailable: null, terminals: [open] });
  pty.exit({ exitCode: 3, signal: null });
  await vi.waitFor(() => expect(events.at(-1)?.terminals).toEqual([{ ...open, state: 'ended', exitCode: 3 }]));
  desk.close({ id: 1 });
  expect(events.at(-1)?.terminals).toEqual([]);
});

test('what is typed and resized reaches the shell, and nothing does once it has ended', async () => {
  const { desk, pty } = await openOne();
  expect(pty.program).toMatchObject({ ...size, environment: { TERM: 'xterm-256color' } });
  desk.write({ id: 1, text: 'ls\r' });
  desk.resize({ id: 1, columns: 100, rows: 30 });
  pty.exit({ exitCode: 0, signal: null });
  desk.write({ id: 1, text: 'more' });
  desk.resize({ id: 1, ...size });
  expect(pty.calls).toEqual(['write ls\r', 'resize 100x30']);
});

test('a shell that is not there is refused in words, for everything but a late acknowledgement', async () => {
  const { desk } = await openOne();
  const reader = new Reader();
  for (const answer of [
    desk.write({ id: 9, text: '' }),
    desk.attach(reader, { id: 9 }),
    desk.close({ id: 9 }),
    desk.resize({ id: 9, ...size }),
  ])
    expect(answer).toMatchObject({ ok: false, error: { code: 'no-such-terminal', remedy: 'Open another.' } });
  expect(desk.acknowledge(reader, { id: 9, bytes: 1 }).ok).toBe(true);
});

test('a reader gets what was printed before, once, then what follows', async () => {
  const { desk, pty } = await openOne();
  pty.print('before ');
  const reader = new Reader();
  desk.attach(reader, { id: 1 });
  pty.print('at once ');
  pty.print('soon');
  vi.advanceTimersByTime(20);
  expect(reader.outputs[0]).toEqual({ id: 1, isRetold: true, text: '\u001bcbefore ' });
  expect(reader.text).toBe('\u001bcbefore at once soon');
  expect(reader.outputs.filter(({ isRetold }) => isRetold)).toHaveLength(1);
});

test('the last words reach the reader before the end is told', async () => {
  const { desk, events, pty } = await openOne();
  const reader = new Reader();
  desk.attach(reader, { id: 1 });
  pty.print('a');
  pty.print('last words');
  pty.exit({ exitCode: 0, signal: null });
  expect(reader.text.endsWith('last words')).toBe(true);
  await vi.waitFor(() => expect(events.at(-1)?.terminals[0]?.state).toBe('ended'));
});

test('what is kept is bounded and begins with a whole line', async () => {
  const { desk, pty } = await openOne();
  for (let line = 0; line < 100_000; line += 1) pty.print(`line ${line}\n`);
  const reader = new Reader();
  desk.attach(reader, { id: 1 });
  expect(reader.bytes).toBeLessThanOrEqual(keptBytes + 2);
  expect(reader.bytes).toBeGreaterThan(keptBytes - 100_000);
  expect(reader.text.slice(2)).toMatch(/^line \d+\n/);
  expect(reader.text.startsWith('\u001bc')).toBe(true);
  expect(reader.text.endsWith('line 99999\n')).toBe(true);
});

test('a shell waits above 256 KiB unacknowledged and goes on below 64 KiB', async () => {
  const { desk, pty } = await openOne();
  const reader = new Reader();
  desk.attach(reader, { id: 1 });
  flood(pty, 2);
  expect(pty.calls).toEqual([]);
  flood(pty, 1);
  expect(pty.calls).toEqual(['pause']);
  desk.acknowledge(reader, { id: 1, bytes: reader.bytes - 70_000 });
  expect(pty.calls).toEqual(['pause']);
  desk.acknowledge(reader, { id: 1, bytes: 10_000 });
  expect(pty.calls).toEqual(['pause', 'resume']);
});

test('a reader that leaves is not waited for, nor is anybody while nobody reads', async () => {
  const { desk, pty } = await openOne();
  const reader = new Reader();
  desk.attach(reader, { id: 1 });
  flood(pty, 3);
  expect(pty.calls).toEqual(['pause']);
  desk.leave(reader);
  expect(pty.calls).toEqual(['pause', 'resume']);
  flood(pty, 20);
  expect(pty.calls).toEqual(['pause', 'resume']);
});

test('a reader that never acknowledges holds up nobody, is sent no more than 512 KiB, and catches up from the start', async () => {
  const { desk, pty } = await openOne();
  const [silent, swift] = [new Reader(), new Reader()];
  desk.attach(silent, { id: 1 });
  desk.attach(swift, { id: 1 });
  let acknowledged = 0;
  for (let piece = 0; piece < 20; piece += 1) {
    flood(pty, 1);
    desk.acknowledge(swift, { id: 1, bytes: swift.bytes - acknowledged });
    acknowledged = swift.bytes;
  }
  expect(pty.calls).toEqual([]);
  expect(swift.bytes).toBe(20 * hundredKilobytes.length + 2);
  expect(silent.bytes).toBeLessThanOrEqual(524_288);
  desk.acknowledge(silent, { id: 1, bytes: silent.bytes });
  expect(silent.outputs.at(-1)).toMatchObject({ isRetold: true, text: expect.stringContaining('\u001bcxxx') });
  pty.print('and on');
  vi.advanceTimersByTime(20);
  expect(silent.text.endsWith('and on')).toBe(true);
});

test('one shell that waits leaves the others alone', async () => {
  const { desk, opened } = await openOne();
  await desk.open(size);
  const reader = new Reader();
  desk.attach(reader, { id: 1 });
  desk.attach(reader, { id: 2 });
  const [first, second] = opened;
  if (!first || !second) throw new Error('Two pseudo terminals were expected.');
  flood(first, 3);
  second.print('free');
  expect([first.calls, second.calls]).toEqual([['pause'], []]);
  expect(reader.outputs.at(-1)).toEqual({ id: 2, isRetold: false, text: 'free' });
});

test('closing hangs up, and insists when that is not heeded', async () => {
  const { desk, pty } = await openOne();
  pty.heeds = ['SIGKILL'];
  desk.close({ id: 1 });
  const ended = desk.end();
  await vi.advanceTimersByTimeAsync(999);
  expect(pty.calls).toEqual(['SIGHUP']);
  await vi.advanceTimersByTimeAsync(1);
  await ended;
  expect(pty.calls).toEqual(['SIGHUP', 'SIGKILL']);
});

test('the end of the session ends every shell and opens no other', async () => {
  const { desk, opened } = await openOne();
  await desk.open(size);
  await desk.end();
  expect(opened.map(({ calls }) => calls)).toEqual([['SIGHUP'], ['SIGHUP']]);
  expect(await desk.open(size)).toMatchObject({ ok: false, error: { code: 'failed' } });
});

test('there is an end to how many shells are opened', async () => {
  const { desk } = await openOne();
  for (let count = 1; count < terminalLimit; count += 1) expect((await desk.open(size)).ok).toBe(true);
  expect(await desk.open(size)).toMatchObject({ ok: false, error: { code: 'busy', remedy: 'Close one of them first.' } });
});

test('a missing module is told to everyone with what to do, and refuses each attempt', async () => {
  const refusal = { code: 'not-available', message: 'Shells need node-pty.', remedy: 'Run setup.' };
  const { desk: without, events } = desk(async () => err(refusal));
  expect(without.event).toEqual({ type: 'terminal', unavailable: null, terminals: [] });
  await vi.waitFor(() => expect(events.at(-1)?.unavailable).toEqual({ message: 'Shells need node-pty.', remedy: 'Run setup.' }));
  expect(await without.open(size)).toEqual({ ok: false, error: refusal });
});

test('a system that has no pseudo terminal left is told in words', async () => {
  const { desk: full } = desk(async () => ({
    ok: true,
    value: () => {
      throw new Error('forkpty(3) failed.');
    },
  }));
  expect(await full.open(size)).toMatchObject({
    ok: false,
    error: { code: 'failed', message: expect.stringContaining('forkpty(3) failed') },
  });
});
