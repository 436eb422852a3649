// A target whose agent is at the other end of a local socket, as the lab's is at the other end of QEMU's: what a benchmark sends takes the way of a guest's bytes.
import { createConnection, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Unsubscribe } from '#common/transport.ts';
import { Listeners } from '../../../../main/node/agent/listeners.ts';
import type { Target, TargetState } from '../../../../main/node/target.ts';

/** Connects when it is started; once. */
export class SocketTarget implements Target {
  readonly #path: string;
  readonly #states = new Listeners<TargetState>();
  readonly #pipes = new Listeners<Duplex>();
  #socket: Socket | null = null;
  #state: TargetState = {
    kind: 'lab',
    phase: 'connecting',
    step: 'Waiting for the benchmark',
    elapsedMs: 0,
    accelerator: null,
    machine: null,
    reason: null,
    lastConsoleLines: [],
  };

  constructor(path: string) {
    this.#path = path;
  }

  /** Bytes that came from the agent. */
  get receivedBytes(): number {
    return this.#socket?.bytesRead ?? 0;
  }

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = createConnection(this.#path);
      this.#socket = socket;
      socket.once('error', reject);
      socket.once('connect', () => {
        this.#show({ phase: 'live', step: 'The benchmark answers' });
        this.#pipes.call(socket);
        resolve();
      });
    });
  }

  async stop(): Promise<void> {
    this.#socket?.destroy();
    this.#show({ phase: 'stopped', step: 'Stopped' });
  }

  onState(listener: (state: TargetState) => void): Unsubscribe {
    listener(this.#state);
    return this.#states.add(listener);
  }

  onPipe(listener: (pipe: Duplex) => void): Unsubscribe {
    return this.#pipes.add(listener);
  }

  onConsole(): Unsubscribe {
    return () => undefined;
  }

  writeConsole(): void {
    // There is no console.
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #show(change: Partial<TargetState>): void {
    this.#state = { ...this.#state, ...change };
    this.#states.call(this.#state);
  }
}
