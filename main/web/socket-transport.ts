// A Transport over one WebSocket: each binary message is one whole frame.
import type { RawData, WebSocket } from 'ws';
import { headerBytes } from '#common/frame.ts';
import type { Transport, Unsubscribe } from '#common/transport.ts';
import { Listeners } from '../node/agent/listeners.ts';

/** Closing codes: what was sent is not a frame; the session has ended. */
const unsupportedData = 1003;
const normal = 1000;

/** A close that the page does not answer is made final after this long. */
const farewellMs = 1000;

/** Carries frames over an accepted socket. Text, or a message shorter than a frame's header, closes it. */
export class SocketTransport implements Transport {
  readonly #socket: WebSocket;
  readonly #frames = new Listeners<Uint8Array>();
  readonly #closes = new Listeners<void>();
  #isClosed = false;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data, isBinary) => this.#take(data, isBinary));
    socket.once('close', () => this.#end());
  }

  send(frame: Uint8Array): void {
    if (!this.#isClosed) this.#socket.send(frame, { binary: true });
  }

  onFrame(listener: (frame: Uint8Array) => void): Unsubscribe {
    return this.#frames.add(listener);
  }

  onClose(listener: () => void): Unsubscribe {
    return this.#closes.add(listener);
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  close(): void {
    this.#finish(normal);
  }

  #finish(code: number): void {
    if (this.#isClosed) return;
    this.#socket.close(code);
    const timer = setTimeout(() => this.#socket.terminate(), farewellMs);
    this.#socket.once('close', () => clearTimeout(timer));
    this.#end();
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#closes.call();
  }

  #take(data: RawData, isBinary: boolean): void {
    if (this.#isClosed) return;
    // The default binary type hands out one Buffer a message.
    if (isBinary && Buffer.isBuffer(data) && data.length >= headerBytes) this.#frames.call(data);
    else this.#finish(unsupportedData);
  }
}
