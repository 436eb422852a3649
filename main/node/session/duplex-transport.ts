// A Transport over a byte pipe: `session.sock`, where a second process joins.
import type { Duplex } from 'node:stream';
import { encodeFrame, FrameDecoder } from '#common/frame.ts';
import type { Transport, Unsubscribe } from '#common/transport.ts';
import { Listeners } from '../agent/listeners.ts';

/** Whole frames over a byte pipe. Bytes that are no frames close it. */
export class DuplexTransport implements Transport {
  readonly #pipe: Duplex;
  readonly #decoder = new FrameDecoder();
  readonly #frames = new Listeners<Uint8Array>();
  readonly #closes = new Listeners<void>();
  #isClosed = false;

  constructor(pipe: Duplex) {
    this.#pipe = pipe;
    pipe.on('data', (chunk: Uint8Array) => this.#take(chunk));
    pipe.on('error', () => this.close());
    pipe.once('end', () => this.close());
    pipe.once('close', () => this.close());
  }

  send(frame: Uint8Array): void {
    if (!this.#isClosed && this.#pipe.writable) this.#pipe.write(frame);
  }

  onFrame(listener: (frame: Uint8Array) => void): Unsubscribe {
    return this.#frames.add(listener);
  }

  onClose(listener: () => void): Unsubscribe {
    return this.#closes.add(listener);
  }

  get bufferedBytes(): number {
    return this.#pipe.writableLength;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // What was sent is still delivered: the last word of a session says why it ends.
    this.#pipe.end(() => this.#pipe.destroy());
    this.#closes.call();
  }

  #take(chunk: Uint8Array): void {
    for (const event of this.#decoder.push(chunk)) {
      if (this.#isClosed) return;
      if (event.type === 'frame') this.#frames.call(encodeFrame(event.frame));
      else if (event.type === 'error') this.close();
      // A gap stays in the frame's own number, where the receiver sees it too.
    }
  }
}
