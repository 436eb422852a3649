// QEMU's machine protocol (QMP, docs/interop/qmp-spec): JSON lines, one answer a command in order of their ids, events between.
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const message = z.object({
  QMP: z.unknown().optional(),
  event: z.string().optional(),
  data: z.record(z.string(), z.unknown()).optional(),
  id: z.number().optional(),
  return: z.unknown().optional(),
  error: z.object({ class: z.string(), desc: z.string() }).optional(),
});

type Pending = { resolve: (value: unknown) => void; reject: (error: Error) => void };

/** One monitor connection. `execute` rejects with QEMU's own words, or when the connection ends first, then with its last ones. */
export class Monitor {
  readonly #socket: Socket;
  readonly #pending = new Map<number, Pending>();
  readonly #onEvent: (name: string, data: Record<string, unknown>) => void;
  readonly #lastWords: () => Promise<string>;
  #nextId = 1;

  /** `lastWords` is asked when the connection has ended, for how QEMU did. */
  constructor(socket: Socket, onEvent: (name: string, data: Record<string, unknown>) => void, lastWords: () => Promise<string>) {
    this.#socket = socket;
    this.#onEvent = onEvent;
    this.#lastWords = lastWords;
    // readline passes the socket's errors on as its own (Node 20 and later): QEMU resets the connection when it quits, and unheard that would end the process.
    createInterface({ input: socket })
      .on('error', () => socket.destroy())
      .on('line', (line) => this.#take(line));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      const waiting = [...this.#pending.values()];
      this.#pending.clear();
      if (waiting.length === 0) return;
      void this.#closed().then((error) => {
        for (const { reject } of waiting) reject(error);
      });
    });
  }

  /** Runs a QMP command and returns what it answers. */
  async execute(command: string, args: Record<string, unknown> = {}): Promise<unknown> {
    if (this.#socket.destroyed) throw await this.#closed();
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#socket.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
    });
  }

  /** Runs a command of the human monitor, such as `xp`, and returns its text. */
  async human(command: string): Promise<string> {
    return String(await this.execute('human-monitor-command', { 'command-line': command }));
  }

  async #closed(): Promise<Error> {
    return new Error(`QEMU closed its monitor. ${await this.#lastWords()}`.trim());
  }

  #take(line: string): void {
    const parsed = message.safeParse(JSON.parse(line));
    if (!parsed.success) return;
    const { event, data, id, error } = parsed.data;
    if (event !== undefined) {
      this.#onEvent(event, data ?? {});
      return;
    }
    if (id === undefined) return;
    const waiting = this.#pending.get(id);
    this.#pending.delete(id);
    if (error) waiting?.reject(new Error(`${error.class}: ${error.desc}`));
    else waiting?.resolve(parsed.data.return);
  }
}
