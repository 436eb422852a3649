// The far end of an agent's pipe, speaking the real wire from memory: tests say what it answers and tells.
import { Duplex } from 'node:stream';
import { encodeFrame, FrameDecoder, type Stream, streams } from '#common/frame.ts';
import type { AgentEvent, Refusal } from '#common/protocol.ts';

/** Two joined ends of a byte pipe. When one ends, so does the other. */
export function pipePair(): [Duplex, Duplex] {
  const make = (other: () => Duplex): Duplex =>
    new Duplex({
      allowHalfOpen: false,
      read: () => undefined,
      write: (chunk, _encoding, done) => {
        if (!other().destroyed) other().push(chunk);
        done();
      },
      final: (done) => {
        if (!other().destroyed) other().push(null);
        done();
      },
      destroy: (error, done) => {
        if (!other().destroyed && !other().readableEnded) other().push(null);
        done(error);
      },
    });
  const near: Duplex = make(() => far);
  const far: Duplex = make(() => near);
  return [near, far];
}

/** A request as the agent read it. */
export interface AgentRequest {
  readonly id: number;
  readonly verb: string;
  readonly arguments: Record<string, unknown>;
}

type Answer = Refusal | 'accept' | 'silence';

const accept: (request: AgentRequest) => Answer = () => 'accept';

/** An agent of a few lines. It records what it is asked and answers as `answer` says. */
export class WireAgent {
  readonly requests: AgentRequest[] = [];
  readonly pipe: Duplex;
  readonly #far: Duplex;
  readonly #decoder = new FrameDecoder();
  readonly #next = new Map<Stream, number>();
  answer = accept;
  /** Called before the reply to a request goes out. */
  beforeReply: (request: AgentRequest) => void = () => undefined;

  constructor() {
    [this.pipe, this.#far] = pipePair();
    this.#far.on('error', () => undefined);
    this.#far.on('data', (chunk: Uint8Array) => {
      for (const event of this.#decoder.push(chunk)) {
        if (event.type === 'frame') this.#take(JSON.parse(Buffer.from(event.frame.payload).toString()) as AgentRequest);
      }
    });
  }

  /** The verbs asked for, in order. */
  get verbs(): string[] {
    return this.requests.map(({ verb }) => verb);
  }

  /** The arguments of every request with this verb. */
  asked(verb: string): Record<string, unknown>[] {
    return this.requests.filter((request) => request.verb === verb).map((request) => request.arguments);
  }

  tell(event: AgentEvent | object): void {
    this.send(streams.control, Buffer.from(JSON.stringify(event)));
  }

  /** A frame with the stream's next sequence. */
  send(stream: Stream, payload: Uint8Array): void {
    const sequence = this.#next.get(stream) ?? 0;
    this.#next.set(stream, sequence + 1);
    this.raw(encodeFrame({ stream, sequence, payload }));
  }

  /** Leaves out sequence numbers of a stream, as if frames were lost. */
  skip(stream: Stream, frames: number): void {
    this.#next.set(stream, (this.#next.get(stream) ?? 0) + frames);
  }

  raw(bytes: Uint8Array): void {
    this.#far.write(bytes);
  }

  /** The agent exits. */
  end(): void {
    this.#far.end();
  }

  #take(request: AgentRequest): void {
    this.requests.push(request);
    const answer = this.answer(request);
    if (answer === 'silence') return;
    this.beforeReply(request);
    const { id } = request;
    this.tell(answer === 'accept' ? { type: 'reply', id, ok: true } : { type: 'reply', id, ok: false, error: answer });
  }
}
