// A pseudo terminal with a process in it, as far as this room uses one; tests give their own.
import type { Refusal } from '#common/protocol.ts';
import type { Result } from '#common/result.ts';

/** How a process in a pseudo terminal ended; `signal` is its name, or null. */
export interface PtyEnd {
  readonly exitCode: number;
  readonly signal: string | null;
}

/** A running process. */
export interface Pty {
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Called once, after the last output. */
  onExit(listener: (end: PtyEnd) => void): void;
  write(text: string): void;
  resize(columns: number, rows: number): void;
  /** Stops reading: the process blocks once the kernel's buffer is full. */
  pause(): void;
  resume(): void;
  kill(signal: 'SIGHUP' | 'SIGKILL'): void;
}

/** What to start. */
export interface PtyProgram {
  readonly file: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly columns: number;
  readonly rows: number;
}

/** Starts a program in a new pseudo terminal. Throws an Error when the system has none left. */
export type OpenPty = (program: PtyProgram) => Pty;

/** Gives what opens pseudo terminals, or why there are none. */
export type LoadPty = () => Promise<Result<OpenPty, Refusal>>;
