// All shells of a session, and what its clients ask of them. They outlive any client and end with the session.
import { basename } from 'node:path';
import type { Arguments, EventOf, Refusal } from '#common/protocol.ts';
import { err, ok, type Result } from '#common/result.ts';
import { loadNodePty } from './node-pty.ts';
import type { LoadPty, OpenPty } from './pty.ts';
import { userShell } from './shell.ts';
import { Terminal, type TerminalReader } from './terminal.ts';

/** More shells than anybody reads; a client that asks for ever more is refused. */
export const terminalLimit = 16;

/** What a desk needs. */
export interface TerminalDeskParts {
  readonly loadPty?: LoadPty;
  /** Told each time the list of shells changes, and once it is known why there are none. */
  onChange(event: EventOf<'terminal'>): void;
}

/** The shells of one session. */
export class TerminalDesk {
  readonly #parts: TerminalDeskParts;
  readonly #terminals = new Map<number, Terminal>();
  /** Closed by the user, their processes not yet gone. */
  readonly #leaving = new Set<Promise<void>>();
  #loading: Promise<Result<OpenPty, Refusal>> | null = null;
  #unavailable: EventOf<'terminal'>['unavailable'] = null;
  #lastId = 0;
  #isClosed = false;

  constructor(parts: TerminalDeskParts) {
    this.#parts = parts;
  }

  /** The shells as they are. The first call also looks whether there can be any, and tells the change if not. */
  get event(): EventOf<'terminal'> {
    void this.#load();
    return { type: 'terminal', unavailable: this.#unavailable, terminals: [...this.#terminals.values()].map(({ state }) => state) };
  }

  /** Opens the user's shell. */
  async open({ columns, rows }: Arguments<'terminal-open'>): Promise<Result<void, Refusal>> {
    const loaded = await this.#load();
    if (!loaded.ok) return loaded;
    if (this.#isClosed) return err({ code: 'failed', message: 'Ringscope is closing.' });
    if (this.#terminals.size >= terminalLimit) {
      return err({ code: 'busy', message: `${terminalLimit} shells are open already.`, remedy: 'Close one of them first.' });
    }
    const shell = userShell();
    let terminal: Terminal;
    try {
      terminal = new Terminal(this.#lastId + 1, basename(shell.file), loaded.value({ ...shell, columns, rows }));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return err({
        code: 'failed',
        message: `${shell.file} could not be started: ${reason}.`,
        remedy: 'Close other terminals and try again.',
      });
    }
    this.#lastId = terminal.id;
    this.#terminals.set(terminal.id, terminal);
    void terminal.ended.then(() => {
      if (this.#terminals.has(terminal.id)) this.#tell();
    });
    this.#tell();
    return ok(undefined);
  }

  /** Tells a reader what the shell printed so far, and everything that follows. */
  attach(reader: TerminalReader, { id }: Arguments<'terminal-attach'>): Result<void, Refusal> {
    return this.#with(id, (terminal) => terminal.attach(reader));
  }

  write({ id, text }: Arguments<'terminal-write'>): Result<void, Refusal> {
    return this.#with(id, (terminal) => terminal.write(text));
  }

  resize({ id, columns, rows }: Arguments<'terminal-resize'>): Result<void, Refusal> {
    return this.#with(id, (terminal) => terminal.resize(columns, rows));
  }

  /** What a reader has shown. A shell that was closed meanwhile needs no answer. */
  acknowledge(reader: TerminalReader, { id, bytes }: Arguments<'terminal-acknowledge'>): Result<void, Refusal> {
    this.#terminals.get(id)?.acknowledge(reader, bytes);
    return ok(undefined);
  }

  /** Ends a shell and forgets it. */
  close({ id }: Arguments<'terminal-close'>): Result<void, Refusal> {
    return this.#with(id, (terminal) => {
      this.#terminals.delete(id);
      const leaving = terminal.end().finally(() => this.#leaving.delete(leaving));
      this.#leaving.add(leaving);
      this.#tell();
    });
  }

  /** A client is gone: no shell waits for it. */
  leave(reader: TerminalReader): void {
    for (const terminal of this.#terminals.values()) terminal.leave(reader);
  }

  /** Ends all shells; resolves when their processes are gone. */
  async end(): Promise<void> {
    this.#isClosed = true;
    const open = [...this.#terminals.values()];
    this.#terminals.clear();
    await Promise.all([...open.map((terminal) => terminal.end()), ...this.#leaving]);
  }

  #with(id: number, then: (terminal: Terminal) => void): Result<void, Refusal> {
    const terminal = this.#terminals.get(id);
    if (!terminal) {
      return err({ code: 'no-such-terminal', message: `There is no shell ${id}; it was closed.`, remedy: 'Open another.' });
    }
    then(terminal);
    return ok(undefined);
  }

  #load(): Promise<Result<OpenPty, Refusal>> {
    this.#loading ??= (this.#parts.loadPty ?? (() => loadNodePty()))().then((loaded) => {
      if (!loaded.ok) {
        this.#unavailable = { message: loaded.error.message, remedy: loaded.error.remedy ?? '' };
        this.#tell();
      }
      return loaded;
    });
    return this.#loading;
  }

  #tell(): void {
    if (!this.#isClosed) this.#parts.onChange(this.event);
  }
}
