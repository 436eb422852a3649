// One shell: its output is batched, kept and bounded, and goes to whoever reads along.
import { terminalPayload } from '#common/layouts/terminal-output.ts';
import type { TerminalState } from '#common/protocol/terminal.ts';
import { Flow } from './flow.ts';
import type { Pty } from './pty.ts';

/** How many bytes of output are kept for who comes later. */
export const keptBytes = 262_144;

// The first output after a silence leaves at once; a flood leaves in pieces of this age or this size.
const batchMs = 8;
const batchBytes = 65_536;

const joinedBytes = 4096;

// A shell that does not heed the hang-up is ended by force.
const hangUpLimitMs = 1000;

/** Who gets output: a client of the session. */
export interface TerminalReader {
  /** A payload of stream 7. */
  terminal(payload: Uint8Array): void;
}

const reset = Uint8Array.of(0x1b, 0x63);
const lineFeed = 0x0a;

/** A shell with its readers. */
export class Terminal {
  readonly id: number;
  readonly title: string;
  /** Resolves when the process is gone and its last output has been sent. */
  readonly ended: Promise<void>;
  readonly #pty: Pty;
  readonly #flow = new Flow<TerminalReader>();
  #state: Pick<TerminalState, 'state' | 'exitCode' | 'signal'> = { state: 'open', exitCode: null, signal: null };
  #isWaiting = false;
  #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #isTrimmed = false;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #batch: NodeJS.Timeout | null = null;

  constructor(id: number, title: string, pty: Pty) {
    this.id = id;
    this.title = title;
    this.#pty = pty;
    pty.onData((bytes) => this.#take(bytes));
    this.ended = new Promise((resolve) => {
      pty.onExit(({ exitCode, signal }) => {
        this.#flush();
        if (this.#batch) clearTimeout(this.#batch);
        this.#state = { state: 'ended', exitCode, signal };
        resolve();
      });
    });
  }

  /** How it stands. */
  get state(): TerminalState {
    return { id: this.id, title: this.title, ...this.#state };
  }

  /** Whether the shell is held up until its readers have caught up. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** Sends what is kept, then everything that follows. */
  attach(reader: TerminalReader): void {
    // What waits for its batch is kept from now on, and told once.
    this.#flush();
    const bytes = this.#keptFromStart();
    this.#flow.attach(reader, bytes.length);
    reader.terminal(terminalPayload({ terminalId: this.id, isRetold: true, bytes }));
    this.#pace();
  }

  leave(reader: TerminalReader): void {
    this.#flow.leave(reader);
    this.#pace();
  }

  /** The reader has shown so many bytes. */
  acknowledge(reader: TerminalReader, bytes: number): void {
    if (this.#flow.acknowledge(reader, bytes)) this.attach(reader);
    else this.#pace();
  }

  write(text: string): void {
    if (this.#state.state === 'open') this.#pty.write(text);
  }

  resize(columns: number, rows: number): void {
    if (this.#state.state === 'open') this.#pty.resize(columns, rows);
  }

  /** Hangs up, as closing a terminal's window does, and insists after a second. Resolves when the process is gone. */
  async end(): Promise<void> {
    if (this.#state.state === 'ended') return;
    this.#pty.kill('SIGHUP');
    const insist = setTimeout(() => this.#pty.kill('SIGKILL'), hangUpLimitMs);
    await this.ended;
    clearTimeout(insist);
  }

  #take(bytes: Uint8Array): void {
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes >= batchBytes || this.#batch === null) this.#flush();
    this.#batch ??= setTimeout(() => this.#endBatch(), batchMs);
  }

  #endBatch(): void {
    this.#batch = null;
    if (this.#pending.length === 0) return;
    this.#flush();
    this.#batch = setTimeout(() => this.#endBatch(), batchMs);
  }

  #flush(): void {
    if (this.#pending.length === 0) return;
    const bytes = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#keep(bytes);
    const payload = terminalPayload({ terminalId: this.id, isRetold: false, bytes });
    for (const reader of this.#flow.send(bytes.length)) reader.terminal(payload);
    this.#pace();
  }

  #pace(): void {
    const mustWait = this.#flow.mustWait(this.#isWaiting);
    if (mustWait === this.#isWaiting || this.#state.state === 'ended') return;
    this.#isWaiting = mustWait;
    if (mustWait) this.#pty.pause();
    else this.#pty.resume();
  }

  #keep(bytes: Uint8Array): void {
    this.#keptBytes += bytes.length;
    const newest = this.#kept.at(-1);
    // Keystroke by keystroke a shell prints little at a time; joined, it stays a short list.
    if (newest && newest.length + bytes.length <= joinedBytes) this.#kept[this.#kept.length - 1] = Buffer.concat([newest, bytes]);
    else this.#kept.push(bytes);
    while (this.#keptBytes > keptBytes && this.#kept.length > 1) {
      this.#keptBytes -= this.#kept.shift()?.length ?? 0;
      this.#isTrimmed = true;
    }
  }

  /** A reset and what is kept; where its beginning was lost it starts with a whole line, not within a character or an escape sequence. */
  #keptFromStart(): Uint8Array {
    const all = Buffer.concat(this.#kept);
    const from = this.#isTrimmed ? all.indexOf(lineFeed) + 1 : 0;
    return Buffer.concat([reset, all.subarray(from)]);
  }
}
