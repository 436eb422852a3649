// The agent's pipe. QEMU keeps one socket for the port; an agent comes and goes behind it. Each agent gets a pipe of its own, which ends with it.
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** A byte pipe to one agent process over QEMU's socket. `endOfAgent` ends it from below; destroying it from above drops the socket, and so the agent. */
export class AgentPipe extends Duplex {
  readonly #socket: Socket;
  readonly #onDropped: () => void;
  readonly #take = (chunk: Buffer) => {
    if (!this.push(chunk)) this.#socket.pause();
  };
  #agentEnded = false;

  /** `onDropped` is called when the pipe is destroyed from above while its agent still runs. */
  constructor(socket: Socket, onDropped: () => void) {
    super({ allowHalfOpen: false });
    this.#socket = socket;
    this.#onDropped = onDropped;
    socket.on('data', this.#take);
    socket.once('close', () => this.endOfAgent());
  }

  /** The agent closed its port (or QEMU ended): what was received is still delivered, then the pipe ends. */
  endOfAgent(): void {
    if (this.#agentEnded) return;
    this.#agentEnded = true;
    this.#socket.off('data', this.#take);
    this.push(null);
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#agentEnded || this.#socket.destroyed) done(new Error('The agent has ended.'));
    else this.#socket.write(chunk, (error) => done(error ?? null));
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.off('data', this.#take);
    if (!this.#agentEnded) {
      this.#onDropped();
      this.#socket.destroy();
    }
    this.#agentEnded = true;
    done(error);
  }
}
