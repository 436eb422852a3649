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

function opener({ spawn }: typeof NodePty): OpenPty {
  return ({ file, directory, environment, columns, rows }) => {
    const pty = spawn(file, [], { name: 'xterm-256color', cols: columns, rows, cwd: directory, env: { ...environment }, encoding: null });
    return {
      // Without an encoding node-pty hands out bytes, whatever its types say.
      onData: (listener) => void pty.onData((data) => listener(data as unknown as Uint8Array)),
      onExit: (listener) =>
        void pty.onExit(({ exitCode, signal }) =>
          listener({ exitCode, signal: signal ? (signalNames.get(signal) ?? `signal ${signal}`) : null }),
        ),
      write: (text) => pty.write(text),
      resize: (newColumns, newRows) => pty.resize(newColumns, newRows),
      pause: () => pty.pause(),
      resume: () => pty.resume(),
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
