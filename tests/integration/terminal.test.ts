// Real shells in real pseudo terminals, through a session, as its clients use them. Needs node-pty, which `npm run setup` builds.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { streams } from '#common/frame.ts';
import { readTerminalOutput } from '#common/layouts/terminal-output.ts';
import { loadNodePty } from '../../main/node/terminal/node-pty.ts';
import { FakeTarget } from '../support/fake-target.ts';
import { sessionOn } from '../support/running-session.ts';
import { SessionWindow } from '../support/session-window.ts';

const loaded = await loadNodePty();
const reason = loaded.ok ? '' : ` (${loaded.error.message})`;

/** A client with one shell, which it reads. */
class ShellWindow {
  readonly window: SessionWindow;
  readonly id: number;
  bytes = 0;
  text = '';
  /** Whether what arrives is acknowledged. */
  isShowing = true;
  #wanted: { readonly pattern: RegExp; readonly found: (match: RegExpExecArray) => void } | null = null;

  constructor(window: SessionWindow, id: number) {
    this.window = window;
    this.id = id;
    window.onFrame = ({ stream, payload }) => {
      if (stream === streams.terminal) this.#take(payload);
    };
  }

  type(text: string): void {
    this.window.send('terminal-write', { id: this.id, text });
  }

  acknowledge(bytes: number): void {
    this.window.send('terminal-acknowledge', { id: this.id, bytes });
  }

  /** Resolves once the shell has printed this, searched from the last match on. */
  printed(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((found) => {
      this.#wanted = { pattern, found };
      this.#search();
    });
  }

  #take(payload: Uint8Array): void {
    const read = readTerminalOutput(payload);
    if (!read.ok || read.value.terminalId !== this.id) throw new Error('Another shell’s output arrived.');
    this.bytes += read.value.bytes.length;
    this.text = (this.text + Buffer.from(read.value.bytes).toString('latin1')).slice(-200_000);
    if (this.isShowing) this.acknowledge(read.value.bytes.length);
    this.#search();
  }

  #search(): void {
    const match = this.#wanted?.pattern.exec(this.text);
    if (!match) return;
    this.text = this.text.slice(match.index + match[0].length);
    const { found } = this.#wanted ?? {};
    this.#wanted = null;
    found?.(match);
  }
}

async function startSession() {
  const before = { SHELL: process.env.SHELL ?? '/bin/sh' };
  // The plainest shell there is: no start-up files, so that what it prints is what was asked.
  process.env.SHELL = '/bin/sh';
  onTestFinished(() => void Object.assign(process.env, before));
  const session = sessionOn(new FakeTarget());
  await session.start();
  return session;
}

async function openShell(window: SessionWindow): Promise<ShellWindow> {
  const before = window.event('terminal')?.terminals.length ?? 0;
  window.send('terminal-open', { columns: 80, rows: 24 });
  await vi.waitUntil(() => (window.event('terminal')?.terminals.length ?? 0) > before, { timeout: 10_000 });
  const id = window.event('terminal')?.terminals.at(-1)?.id ?? 0;
  const shell = new ShellWindow(window, id);
  window.send('terminal-attach', { id });
  return shell;
}

test.skipIf(!loaded.ok)(`a shell answers, in the size it was told${reason}`, { timeout: 30_000 }, async () => {
  const shell = await openShell(await SessionWindow.open(await startSession()));
  shell.type('echo "sum: $((6*7))"; tty; stty size\r');
  await shell.printed(/sum: 42\r\n\/dev\/pts\/\d+\r\n24 80\r\n/);
  shell.window.send('terminal-resize', { id: shell.id, columns: 132, rows: 50 });
  shell.type('stty size\r');
  await shell.printed(/50 132\r\n/);
});

test.skipIf(!loaded.ok)(`it runs as the user, at home, in a terminal of its own${reason}`, { timeout: 30_000 }, async () => {
  const shell = await openShell(await SessionWindow.open(await startSession()));
  shell.type('echo "[$(id -u) $(pwd) $TERM]"\r');
  await shell.printed(new RegExp(`\\[${process.getuid?.()} ${process.env.HOME} xterm-256color\\]`));
});

test.skipIf(!loaded.ok)(`the exit code, or the signal, is told with the end${reason}`, { timeout: 30_000 }, async () => {
  const window = await SessionWindow.open(await startSession());
  const first = await openShell(window);
  first.type('exit 7\r');
  const stateOf = (id: number) => window.event('terminal')?.terminals.find((terminal) => terminal.id === id);
  await vi.waitUntil(() => stateOf(first.id)?.state === 'ended', { timeout: 10_000 });
  expect(stateOf(first.id)).toMatchObject({ exitCode: 7, signal: null });
  const second = await openShell(window);
  second.type('kill -9 $$\r');
  await vi.waitUntil(() => stateOf(second.id)?.state === 'ended', { timeout: 10_000 });
  expect(stateOf(second.id)).toMatchObject({ signal: 'SIGKILL' });
});

test.skipIf(!loaded.ok)(
  `a client that comes later, as a reloaded page does, sees what was printed before${reason}`,
  { timeout: 30_000 },
  async () => {
    const session = await startSession();
    const window = await SessionWindow.open(session);
    const shell = await openShell(window);
    shell.type('echo "kept: $((40+2))"\r');
    await shell.printed(/kept: 42\r\n/);
    window.transport.close();
    const late = await SessionWindow.open(session);
    expect(late.event('terminal')?.terminals).toMatchObject([{ id: shell.id, state: 'open' }]);
    const again = new ShellWindow(late, shell.id);
    late.send('terminal-attach', { id: shell.id });
    await again.printed(/kept: 42\r\n/);
    again.type('echo "and on: $((1+1))"\r');
    await again.printed(/and on: 2\r\n/);
  },
);

test.skipIf(!loaded.ok)(`a flood waits for its reader and is complete when he reads on${reason}`, { timeout: 60_000 }, async () => {
  const session = await startSession();
  const shell = await openShell(await SessionWindow.open(session));
  shell.type('stty -echo -onlcr; echo "ready: $((1+0))"\r');
  await shell.printed(/ready: 1\n/);
  shell.isShowing = false;
  const before = shell.bytes;
  shell.type('yes | head -c 50000000; echo "done: $((1+1))"\r');
  // The shell is held up: what is under way stays the same however long one waits, and another shell answers meanwhile.
  await vi.waitUntil(() => shell.bytes - before > 262_144, { timeout: 20_000 });
  const other = await openShell(await SessionWindow.open(session));
  other.type('echo "free: $((2+2))"\r');
  await other.printed(/free: 4\r\n/);
  expect(shell.bytes - before).toBeLessThan(524_288);
  const done = shell.printed(/done: 2\n/);
  shell.isShowing = true;
  shell.acknowledge(shell.bytes - before);
  await done;
  expect(shell.bytes - before).toBeGreaterThan(50_000_000);
  expect(shell.window.gaps).toEqual([]);
});

test.skipIf(!loaded.ok)(`a program that ends while it is held up still gets its last words out${reason}`, { timeout: 30_000 }, async () => {
  if (!loaded.ok) return;
  const folder = mkdtempSync(join(tmpdir(), 'ringscope-pty-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'program');
  writeFileSync(file, '#!/bin/sh\necho last words\nexit 5\n', { mode: 0o755 });
  const pty = loaded.value({ file, directory: '/', environment: {}, columns: 80, rows: 24 });
  pty.pause();
  let text = '';
  pty.onData((bytes) => {
    text += Buffer.from(bytes).toString();
  });
  const end = await new Promise((resolve) => pty.onExit(resolve));
  expect([text, end]).toEqual(['last words\r\n', { exitCode: 5, signal: null }]);
});

test.skipIf(!loaded.ok)(`the end of the session ends its shells and what runs in them${reason}`, { timeout: 30_000 }, async () => {
  const session = await startSession();
  const shell = await openShell(await SessionWindow.open(session));
  shell.type(`sh -c 'echo "pids: $PPID $$"; exec sleep 1000'\r`);
  const [, leader, inFront] = await shell.printed(/pids: (\d+) (\d+)\r\n/);
  expect([isRunning(Number(leader)), isRunning(Number(inFront))]).toEqual([true, true]);
  await session.close();
  await vi.waitUntil(() => !isRunning(Number(leader)) && !isRunning(Number(inFront)), { timeout: 10_000 });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
