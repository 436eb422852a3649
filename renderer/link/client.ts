// The window's end of the wire: hello, requests with their replies, events, bulk frames, and what was acknowledged.
import { encodeFrame, FrameDecoder, type FrameEvent, type Stream, streams } from '#common/frame.ts';
import { type Arguments, protocolVersion, type Refusal, reply, type SessionEvent, sessionEvent, type Verb } from '#common/protocol.ts';
import { err, ok, type Result } from '#common/result.ts';
import { decodeStrictUtf8, encodeUtf8 } from '#common/text.ts';
import type { Transport } from '#common/transport.ts';

/** A payload that was dropped, or a hole in a stream; `name` is one of the wire's error words. */
export interface LinkFault {
  readonly name: string;
  readonly text: string;
  /** The framing is lost and the connection has been closed. */
  readonly isFatal: boolean;
}

/** A bulk frame that is to be acknowledged once it has been painted. */
export interface BulkFrame {
  readonly stream: Stream;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** Who is told what arrives. */
export interface LinkListener {
  onEvent(event: SessionEvent): void;
  onBulk(frame: BulkFrame): void;
  onFault(fault: LinkFault): void;
  onClose(): void;
}

const connectionLost: Refusal = {
  code: 'failed',
  message: 'The connection ended before the answer came.',
  remedy: 'Try again when the window is connected.',
};

/** One connection. A new one is made for each transport; nothing survives a lost connection but what the stores hold. */
export class LinkClient {
  readonly #transport: Transport;
  readonly #listener: LinkListener;
  readonly #decoder = new FrameDecoder();
  readonly #waiting = new Map<number, (result: Result<null, Refusal>) => void>();
  #nextId = 1;
  #nextSequence = 0;
  #isOpen = true;

  constructor(transport: Transport, listener: LinkListener) {
    this.#transport = transport;
    this.#listener = listener;
    transport.onFrame((bytes) => this.#receive(bytes));
    transport.onClose(() => this.#closed());
  }

  /** Opens the session; everything else is refused before it. */
  hello(application: string): Promise<Result<null, Refusal>> {
    this.#decoder.restartSequences();
    return this.request('hello', { protocol: protocolVersion, application });
  }

  /** Asks for something. The answer says accepted or why not; what changed arrives as an event. */
  request<V extends Verb>(verb: V, args: Arguments<V>): Promise<Result<null, Refusal>> {
    if (!this.#isOpen) return Promise.resolve(err(connectionLost));
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#send(id, verb, args);
    });
  }

  /** Tells that a bulk frame has been painted. Nothing answers this. */
  acknowledge(stream: Stream, sequence: number): void {
    if (!this.#isOpen) return;
    this.#send(this.#nextId, 'acknowledge', { stream, sequence });
    this.#nextId += 1;
  }

  /** Ends the connection from this side. */
  close(): void {
    this.#transport.close();
    this.#closed();
  }

  #send(id: number, verb: Verb, args: object): void {
    const payload = encodeUtf8(JSON.stringify({ type: 'request', id, verb, arguments: args }));
    this.#transport.send(encodeFrame({ stream: streams.control, sequence: this.#nextSequence, payload }));
    this.#nextSequence = (this.#nextSequence + 1) >>> 0;
  }

  #receive(bytes: Uint8Array): void {
    if (!this.#isOpen) return;
    const events = this.#decoder.push(bytes);
    // A message is one whole frame here, so a rest means that it was cut.
    for (const event of [...events, ...this.#decoder.end()]) this.#take(event);
  }

  #take(event: FrameEvent): void {
    if (event.type === 'error') {
      this.#fault(event.error, 'The bytes that arrived are no frame; the connection was closed.', true);
      this.close();
    } else if (event.type === 'sequence-gap') {
      const text = `Stream ${event.stream} went from frame ${event.expected} to ${event.actual}; what lay between is missing.`;
      this.#fault('sequence-gap', text, false);
    } else if (event.frame.stream === streams.control) {
      this.#control(event.frame.payload);
    } else {
      this.#listener.onBulk(event.frame);
    }
  }

  #control(payload: Uint8Array): void {
    let message: unknown;
    try {
      message = JSON.parse(decodeStrictUtf8(payload));
    } catch {
      this.#fault('bad-json', 'A control message was not JSON and was dropped.', false);
      return;
    }
    const answer = reply.safeParse(message);
    if (answer.success) {
      const resolve = this.#waiting.get(answer.data.id);
      this.#waiting.delete(answer.data.id);
      resolve?.(answer.data.ok ? ok(null) : err(answer.data.error));
      return;
    }
    const event = sessionEvent.safeParse(message);
    if (event.success) this.#listener.onEvent(event.data);
    else this.#fault('bad-message', `A control message fitted no schema and was dropped: ${event.error.issues[0]?.message ?? ''}`, false);
  }

  #fault(name: string, text: string, isFatal: boolean): void {
    this.#listener.onFault({ name, text, isFatal });
  }

  #closed(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const resolve of this.#waiting.values()) resolve(err(connectionLost));
    this.#waiting.clear();
    this.#listener.onClose();
  }
}
