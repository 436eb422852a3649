// A Transport over one MessagePortMain: each message is one whole frame, or tells the page's commands.
import type { MessagePortMain } from 'electron';
import { headerBytes, maximumPayloadBytes } from '#common/frame.ts';
import { type CommandList, commandList, type RunCommand } from '#common/shell-messages.ts';
import type { Transport, Unsubscribe } from '#common/transport.ts';
import { Listeners } from '../node/agent/listeners.ts';

/** A clone carries the whole buffer below a view, so a view of a larger one is copied first; nothing else in that buffer reaches the page. */
function exactly(frame: Uint8Array): Uint8Array {
  const isWhole = frame.byteLength === frame.buffer.byteLength && !Buffer.isBuffer(frame);
  return isWhole ? frame : new Uint8Array(frame);
}

/** Carries frames over a port. A message that is neither a frame nor a list of commands closes it. */
export class PortTransport implements Transport {
  /** A port does not tell what has not left yet; the session's acknowledgements hold a slow page's queue short. */
  readonly bufferedBytes = 0;
  readonly #port: MessagePortMain;
  readonly #onCommands: (list: CommandList) => void;
  readonly #frames = new Listeners<Uint8Array>();
  readonly #closes = new Listeners<void>();
  #isClosed = false;

  constructor(port: MessagePortMain, onCommands: (list: CommandList) => void) {
    this.#port = port;
    this.#onCommands = onCommands;
    port.on('message', ({ data }) => this.#take(data));
    port.on('close', () => this.#end());
    port.start();
  }

  send(frame: Uint8Array): void {
    if (!this.#isClosed) this.#port.postMessage(exactly(frame));
  }

  /** Has the page run one of its commands. */
  run(name: string): void {
    const message: RunCommand = { type: 'run-command', name };
    if (!this.#isClosed) this.#port.postMessage(message);
  }

  onFrame(listener: (frame: Uint8Array) => void): Unsubscribe {
    return this.#frames.add(listener);
  }

  onClose(listener: () => void): Unsubscribe {
    return this.#closes.add(listener);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#port.close();
    this.#end();
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#closes.call();
  }

  #take(data: unknown): void {
    if (this.#isClosed) return;
    const isFrame = data instanceof Uint8Array && data.length >= headerBytes && data.length <= headerBytes + maximumPayloadBytes;
    if (isFrame) {
      this.#frames.call(data);
      return;
    }
    const list = commandList.safeParse(data);
    if (list.success) this.#onCommands(list.data);
    else this.close();
  }
}
