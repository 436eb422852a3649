// Runs the shell's sources on a fresh stand-in, with a session that only takes down what it was given.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { Transport } from '#common/transport.ts';
import type { ElectronApplicationParts } from '../../../main/electron/application.ts';
import type { PageFiles } from '../../../main/node/page-files.ts';
import type { ClientListeners } from '../../../main/node/session/client.ts';
import { createElectron, type StandIn, type Surroundings } from './electron.ts';
import type { StandInWindow } from './window.ts';

/** What the shell uses of a session. */
export type StartedSession = Awaited<ReturnType<ElectronApplicationParts['startSession']>>;

/** How a run differs from the usual one. */
export interface RunOptions extends Partial<Surroundings> {
  readonly isInspectable?: boolean;
  /** The recording on the command line, or throws. */
  readRecording?(): string | null;
  /** Resolves when the session has started, to one of the test's own if it brings one, or throws. */
  startSession?(): Promise<StartedSession | undefined>;
}

/** A running shell. */
export interface Run {
  readonly electron: StandIn;
  readonly attached: Transport[];
  /** What is told of each of them to its own. */
  readonly listeners: ClientListeners[];
  /** The only window. Throws when there is none. */
  window(): StandInWindow;
}

const page = { type: 'text/html; charset=utf-8', bytes: new Uint8Array(Buffer.from('<title>page</title>')) };
const files: PageFiles = new Map([['/', page]]);

/** The shell listens for signals as long as its process lives; here many shells live in one. */
export function forgetSignals(): void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const before = signals.map((signal) => process.listeners(signal));
  onTestFinished(() => {
    for (const [at, signal] of signals.entries()) {
      for (const listener of process.listeners(signal)) if (!before[at]?.includes(listener)) process.off(signal, listener);
    }
  });
}

/** Loads the shell anew and runs it up to Electron's `ready`, which the test lets happen. */
export async function load(options: RunOptions = {}): Promise<Run> {
  const { isInspectable = false, startSession = async () => undefined, readRecording = () => null, ...surroundings } = options;
  const userData = mkdtempSync(join(tmpdir(), 'ringscope-electron-'));
  onTestFinished(() => rmSync(userData, { recursive: true }));
  forgetSignals();
  const electron = createElectron({ userData, ...surroundings });
  const attached: Transport[] = [];
  const listeners: ClientListeners[] = [];
  vi.resetModules();
  vi.doMock('electron', () => electron.module);
  const { runElectronApplication } = await import('../../../main/electron/application.ts');
  runElectronApplication({
    readRecording,
    startSession: async () => {
      const own = await startSession();
      if (own) return own;
      return {
        session: {
          attach: (transport, heard) => {
            attached.push(transport);
            listeners.push(heard);
          },
          openRecording: async (path) => void electron.calls.push(`open ${path}`),
          checkAgent: async () => void electron.calls.push('agent checked'),
        },
        close: async () => void electron.calls.push('session closed'),
      };
    },
    readPage: () => files,
    preload: '/built/preload.cjs',
    isInspectable,
  });
  const window = () => {
    const [first] = electron.windows;
    if (!first || electron.windows.length !== 1) throw new Error(`There are ${electron.windows.length} windows, not one.`);
    return first;
  };
  return { electron, attached, listeners, window };
}

/** Runs until the window is there. */
export async function run(options: RunOptions = {}): Promise<Run> {
  const started = await load(options);
  started.electron.becomeReady();
  await vi.waitUntil(() => started.electron.windows.length > 0);
  return started;
}
