// Programs of this machine: whether they are there, and what they say.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The path of a program on PATH (and in the places of an administrator's programs), or null. */
export function findProgram(name: string, path = process.env.PATH ?? ''): string | null {
  for (const folder of [...path.split(delimiter), '/usr/sbin', '/sbin'].filter((one) => one !== '')) {
    const candidate = join(folder, name);
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Not in this folder.
    }
  }
  return null;
}

/** How a program ended, and what it said. */
export interface Said {
  /** null when it could not be started, was ended by a signal, or took too long. */
  readonly code: number | null;
  readonly output: string;
}

// sudo looks up its machine's name, which takes a while where the name server does not answer.
const answerLimitMs = 20_000;

/** Runs a program that answers at once, without input. Never rejects. */
export function ask(program: string, args: readonly string[]): Promise<Said> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: answerLimitMs, env: { ...process.env, LC_ALL: 'C' } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(0, 20_000);
      });
    }
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}
