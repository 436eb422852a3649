// One started agent: a pipe to it once it runs, its last words on standard error, and how it ended.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Duplex, type Readable, type Writable } from 'node:stream';
import type { Way } from './elevation.ts';

/** How an agent (or the program that was to start it) ended. */
export interface AgentExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The newest lines of standard error. */
  readonly words: readonly string[];
  /** It had said something on its pipe before. */
  readonly hasTalked: boolean;
}

/** What is told of a started agent. */
export interface AgentProcessEvents {
  /** It runs; the pipe ends with it. */
  onPipe(pipe: Duplex): void;
  /** The first byte came. */
  onTalk(): void;
  /** Once. */
  onExit(exit: AgentExit): void;
}

const wordsKept = 40;
const askingLookMs = 250;
// A process name has 15 characters in /proc.
const nameLength = 15;

/** A running agent. */
export class AgentProcess {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly exited: Promise<void>;
  #text = '';
  #hasTalked = false;
  #pipe: Duplex | null = null;
  #asking: NodeJS.Timeout | undefined;

  constructor(way: Way, agent: string, events: AgentProcessEvents) {
    // A session of its own, so that Ctrl-C in the application's terminal does not take the agent away before it gave the devices back. Not for sudo:
    // what it remembers of a password belongs to the terminal.
    // Not the user's shell: pkexec refuses whoever has one that is not in /etc/shells, and the agent starts none.
    const { SHELL: _, ...env } = process.env;
    const child = spawn(way.program, way.args, { stdio: ['pipe', 'pipe', 'pipe'], cwd: '/', env, detached: way.kind !== 'sudo' });
    this.#child = child;
    child.stdin.on('error', () => undefined);
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#text = (this.#text + text).slice(-16_384);
    });
    this.exited = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null) => {
        clearInterval(this.#asking);
        this.#pipe?.destroy();
        events.onExit({ code, signal, words: this.words, hasTalked: this.#hasTalked });
        resolve();
      };
      child.once('error', (error) => {
        this.#text += `${error.message}\n`;
        // Without a process there is no `close`.
        if (child.pid === undefined) end(null, null);
      });
      child.once('close', (code, signal) => {
        if (child.pid !== undefined) end(code, signal);
      });
    });
    const offer = () => {
      clearInterval(this.#asking);
      const pipe = Duplex.from({ readable: child.stdout, writable: child.stdin });
      this.#pipe = pipe;
      pipe.on('error', () => undefined);
      events.onPipe(pipe);
      // After whoever reads the pipe: a listener of ours alone would drain it.
      pipe.once('data', () => {
        this.#hasTalked = true;
        events.onTalk();
      });
    };
    if (way.kind === 'pkexec') this.#whenNamed(basename(agent).slice(0, nameLength), offer);
    else child.once('spawn', offer);
  }

  get words(): readonly string[] {
    return this.#text
      .split('\n')
      .map((line) => line.trimEnd())
      .filter((line) => line !== '')
      .slice(-wordsKept);
  }

  /** Ends its pipe, upon which it gives back what it took and exits. False when it is still there after `limitMs`. */
  async end(limitMs: number): Promise<boolean> {
    clearInterval(this.#asking);
    const isAsking = this.#pipe === null;
    this.#child.stdin.end();
    // Nobody reads any more; an agent that still has something to say must not wait for a full pipe.
    this.#child.stdout.resume();
    // A question for a password that nobody needs answered any more.
    if (isAsking) this.#child.kill();
    let limit: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      limit = setTimeout(() => resolve(false), limitMs);
    });
    const isGone = await Promise.race([this.exited.then(() => true), late]);
    clearTimeout(limit);
    // One that was started as root by another program is not ours to end.
    if (!isGone) this.#child.kill('SIGTERM');
    return isGone;
  }

  /**
   * pkexec asks for a password, and only then becomes the agent, in the same process. Until then the agent's pipe is of no use: its greeting would run
   * into its time limit while somebody types.
   */
  #whenNamed(name: string, then: () => void): void {
    this.#asking = setInterval(() => {
      try {
        if (readFileSync(`/proc/${this.#child.pid}/comm`, 'utf8').trim() === name) then();
      } catch {
        // It has ended; its exit tells how.
        clearInterval(this.#asking);
      }
    }, askingLookMs);
  }
}
