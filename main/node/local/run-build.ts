// Runs a build command to its end, line by line, ended with everything that it started when nobody wants it any more.
import { spawn } from 'node:child_process';
import type { Said } from './programs.ts';

// The kernel's sources name no machine; a build reads them in one language, so that what it says can be explained.
const environment = { LC_ALL: 'C.UTF-8', TERM: 'dumb' };

/** Runs a program; `onLine` gets each line of its output. Never rejects: what cannot be started is said in the output. */
export function runBuild(
  program: string,
  args: readonly string[],
  { onLine, signal }: { onLine: (line: string) => void; signal: AbortSignal },
): Promise<Said> {
  return new Promise((resolve) => {
    // A process group of its own: make starts compilers, and an end has to reach them all.
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment }, detached: true });
    let output = '';
    let rest = '';
    const take = (text: string) => {
      output = (output + text).slice(-100_000);
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') onLine(line);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    const end = () => {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGTERM');
      } catch {
        // It has ended by itself.
      }
    };
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    const finish = (code: number | null) => {
      signal.removeEventListener('abort', end);
      if (rest.trim() !== '') onLine(rest);
      resolve({ code, output });
    };
    child.once('error', (error) => {
      take(`${program}: ${error.message}\n`);
      if (child.pid === undefined) finish(null);
    });
    child.once('close', (code) => {
      if (child.pid !== undefined) finish(code);
    });
  });
}
