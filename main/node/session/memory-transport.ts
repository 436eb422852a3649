// Two ends of one channel within a process: how the command line uses the session that it started itself.
import type { Transport, Unsubscribe } from '#common/transport.ts';
import { Listeners } from '../agent/listeners.ts';

class MemoryTransport implements Transport {
  readonly #frames = new Listeners<Uint8Array>();
  readonly #closes = new Listeners<void>();
  #isClosed = false;
  peer: MemoryTransport | null = null;
  readonly bufferedBytes = 0;

  send(frame: Uint8Array): void {
    const { peer } = this;
    // Never within the sender's call, as on any other transport.
    if (!this.#isClosed && peer) queueMicrotask(() => peer.#frames.call(frame));
  }

  onFrame(listener: (frame: Uint8Array) => void): Unsubscribe {
    return this.#frames.add(listener);
  }

  onClose(listener: () => void): Unsubscribe {
    return this.#closes.add(listener);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#closes.call();
    queueMicrotask(() => this.peer?.close());
  }
}

/** Two joined ends; what one sends, the other receives. */
export function transportPair(): [Transport, Transport] {
  const pair: [MemoryTransport, MemoryTransport] = [new MemoryTransport(), new MemoryTransport()];
  pair[0].peer = pair[1];
  pair[1].peer = pair[0];
  return pair;
}
