// A pseudo terminal whose process is the test itself.
import { ok } from '#common/result.ts';
import type { LoadPty, Pty, PtyEnd, PtyProgram } from '../../main/node/terminal/pty.ts';

/** What was asked of it, and the process's side of it. */
export class FakePty implements Pty {
  readonly program: PtyProgram;
  readonly calls: string[] = [];
  /** Which signals end it. */
  heeds: readonly string[] = ['SIGHUP', 'SIGKILL'];
  #onData: (bytes: Uint8Array) => void = () => undefined;
  #onExit: (end: PtyEnd) => void = () => undefined;

  constructor(program: PtyProgram) {
    this.program = program;
  }

  print(text: string): void {
    this.#onData(Buffer.from(text));
  }

  exit(end: PtyEnd): void {
    this.#onExit(end);
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#onData = listener;
  }

  onExit(listener: (end: PtyEnd) => void): void {
    this.#onExit = listener;
  }

  write(text: string): void {
    this.calls.push(`write ${text}`);
  }

  resize(columns: number, rows: number): void {
    this.calls.push(`resize ${columns}x${rows}`);
  }

  pause(): void {
    this.calls.push('pause');
  }

  resume(): void {
    this.calls.push('resume');
  }

  kill(signal: 'SIGHUP' | 'SIGKILL'): void {
    this.calls.push(signal);
    if (this.heeds.includes(signal)) queueMicrotask(() => this.exit({ exitCode: 0, signal }));
  }
}

/** Opens fake pseudo terminals and keeps them. */
export function fakePtys(): { readonly opened: FakePty[]; readonly loadPty: LoadPty } {
  const opened: FakePty[] = [];
  return {
    opened,
    loadPty: async () =>
      ok((program) => {
        const pty = new FakePty(program);
        opened.push(pty);
        return pty;
      }),
  };
}
