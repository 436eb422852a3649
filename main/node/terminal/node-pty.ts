// node-pty, a native module that is built on the machine: loaded when first asked for, and its absence is a sentence, never a crash.
import { constants } from 'node:os';
import type * as NodePty from 'node-pty';
import type { Refusal } from '#common/protocol.ts';
import { err, ok, type Result } from '#common/result.ts';
import type { OpenPty } from './pty.ts';

const signalNames = new Map(Object.entries(constants.signals).map(([name, number]) => [number as number, name]));

/** What a user reads when the module cannot be had. */
export function unavailable(error: unknown): Refusal {
  const reason = (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';
  return {
    code: 'not-available',
    message: `Shells need node-pty, which could not be loaded: ${reason.replace(/\.$/, '')}.`,
    remedy: 'Install g++, make and python3, run `npm run setup`, and start Ringscope again. Everything else works without it.',
  };
}

// node-pty throws away what was not read 200 ms after the end of its process, so the end of one that is held up has to be noticed before.
const lookMs = 50;

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // One that runs with other rights by now (`exec su`) may not be signalled, but runs.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function opener({ spawn }: typeof NodePty): OpenPty {
  return ({ file, directory, environment, columns, rows }) => {
    const pty = spawn(file, [], { name: 'xterm-256color', cols: columns, rows, cwd: directory, env: { ...environment }, encoding: null });
    let watch: NodeJS.Timeout | undefined;
    const resume = () => {
      clearInterval(watch);
      pty.resume();
    };
    return {
      // Without an encoding node-pty hands out bytes, whatever its types say.
      onData: (listener) => void pty.onData((data) => listener(data as unknown as Uint8Array)),
      onExit: (listener) =>
        void pty.onExit(({ exitCode, signal }) =>
          listener({ exitCode, signal: signal ? (signalNames.get(signal) ?? `signal ${signal}`) : null }),
        ),
      write: (text) => pty.write(text),
      resize: (newColumns, newRows) => pty.resize(newColumns, newRows),
      pause: () => {
        clearInterval(watch);
        pty.pause();
        watch = setInterval(() => {
          if (!isRunning(pty.pid)) resume();
        }, lookMs);
        watch.unref();
      },
      resume,
      kill: (signal) => pty.kill(signal),
    };
  };
}

const switchedOff: Refusal = {
  code: 'not-available',
  message: 'Shells are switched off here by RINGSCOPE_NO_SHELLS.',
  remedy: 'Start Ringscope without that variable to have them.',
};

/** Loads node-pty, unless `RINGSCOPE_NO_SHELLS` says that nobody shall get a shell through this application. */
export async function loadNodePty(
  load: () => Promise<unknown> = () => import('node-pty'),
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Result<OpenPty, Refusal>> {
  if (environment.RINGSCOPE_NO_SHELLS) return err(switchedOff);
  try {
    const module = (await load()) as typeof NodePty & { default?: typeof NodePty };
    return ok(opener(module.default ?? module));
  } catch (error) {
    return err(unavailable(error));
  }
}
