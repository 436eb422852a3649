// The end of the application with real processes behind it: what stands for the guest, and a shell of the user with a program in it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, vi } from 'vitest';
import { streams } from '#common/frame.ts';
import { readTerminalOutput } from '#common/layouts/terminal-output.ts';
import { transportPair } from '../../main/node/session/memory-transport.ts';
import { Session } from '../../main/node/session/session.ts';
import { loadNodePty } from '../../main/node/terminal/node-pty.ts';
import { FakeTarget } from '../support/fake-target.ts';
import { SessionWindow } from '../support/session-window.ts';
import { run } from './stand-in/run.ts';
import { Preventable } from './stand-in/strict.ts';

const loaded = await loadNodePty();

/** A target that is one process, ended as a guest is: asked, then waited for. */
class ProcessTarget extends FakeTarget {
  process: ChildProcess | null = null;

  override async start(): Promise<void> {
    this.process = spawn('sleep', ['1000'], { stdio: 'ignore' });
    await super.start();
  }

  override async stop(): Promise<void> {
    if (this.process && this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, 'exit');
      this.process.kill();
      await ended;
    }
    await super.stop();
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it.skipIf(!loaded.ok)('leaves neither guest nor shell, and only then lets Electron go', async () => {
  const target = new ProcessTarget();
  const session = new Session({ createTarget: () => target, first: { kind: 'lab' }, applicationVersion: '9.9.9' });
  const { electron } = await run({
    startSession: async () => {
      await session.start();
      return { session, close: () => session.close() };
    },
  });

  const [here, there] = transportPair();
  session.attach(there);
  const window = new SessionWindow(here);
  let text = '';
  window.onFrame = ({ stream, payload }) => {
    const read = readTerminalOutput(payload);
    if (stream === streams.terminal && read.ok) text += Buffer.from(read.value.bytes).toString();
  };
  window.send('hello', { protocol: 1, application: 'test' });
  window.send('terminal-open', { columns: 80, rows: 24 });
  await vi.waitUntil(() => window.event('terminal')?.terminals.length === 1, { timeout: 10_000 });
  window.send('terminal-attach', { id: 1 });
  window.send('terminal-write', { id: 1, text: `sh -c 'echo "pids: $PPID $$ end"; exec sleep 1000'\r` });
  await vi.waitUntil(() => /pids: \d+ \d+ end/.test(text), { timeout: 10_000 });
  const [, shell, program] = /pids: (\d+) (\d+) end/.exec(text) ?? [];
  const all = [target.process?.pid, Number(shell), Number(program)].map(Number);
  expect(all.map(isRunning)).toEqual([true, true, true]);

  const event = new Preventable();
  electron.emit('will-quit', event);
  expect(event.isPrevented).toBe(true);
  expect(electron.calls).not.toContain('exit 0');
  await vi.waitUntil(() => electron.calls.includes('exit 0'), { timeout: 10_000 });
  expect(isRunning(Number(target.process?.pid))).toBe(false);
  expect(isRunning(Number(shell))).toBe(false);
  await vi.waitUntil(() => !isRunning(Number(program)), { timeout: 10_000 });
});
