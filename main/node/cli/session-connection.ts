// The command line as a client of a session: requests, events, and an acknowledgement for each frame, since whoever only collects never falls behind.
import { type Frame, FrameDecoder } from '#common/frame.ts';
import { type Arguments, protocolVersion, type Refusal, type SessionEvent, sessionEvent, type Verb } from '#common/protocol.ts';
import type { Result } from '#common/result.ts';
import type { Transport, Unsubscribe } from '#common/transport.ts';
import { ControlChannel } from '../agent/control-channel.ts';
import type { WireFault } from '../agent/control-message.ts';
import { Listeners } from '../agent/listeners.ts';

// Longer than the session waits for its agent, so that the session's own words arrive.
const answerLimitMs = 40_000;

/** One client's end of a session. */
export class SessionConnection {
  readonly #transport: Transport;
  readonly #decoder = new FrameDecoder();
  readonly #channel: ControlChannel<SessionEvent>;
  readonly #ends = new Listeners<void>();

  constructor(transport: Transport) {
    this.#transport = transport;
    this.#channel = new ControlChannel<SessionEvent>({ send: (frame) => transport.send(frame), events: sessionEvent, peer: 'The session' });
    this.#channel.onBulk(({ stream, sequence }) => this.#channel.tell('acknowledge', { stream, sequence }));
    transport.onFrame((frame) => {
      if (!this.#channel.take(this.#decoder.push(frame))) transport.close();
    });
    transport.onClose(() => {
      this.#channel.end('The session has ended.');
      this.#ends.call();
    });
  }

  /** Joins in; what the session keeps follows as events and frames. */
  hello(application: string): Promise<Result<void, Refusal>> {
    return this.request('hello', { protocol: protocolVersion, application });
  }

  request<V extends Verb>(verb: V, args: Arguments<V>): Promise<Result<void, Refusal>> {
    return this.#channel.request(verb, args as object, answerLimitMs);
  }

  onEvent(listener: (event: SessionEvent) => void): Unsubscribe {
    return this.#channel.onEvent(listener);
  }

  onBulk(listener: (frame: Frame) => void): Unsubscribe {
    return this.#channel.onBulk(listener);
  }

  onFault(listener: (fault: WireFault) => void): Unsubscribe {
    return this.#channel.onFault(listener);
  }

  onEnd(listener: () => void): Unsubscribe {
    return this.#ends.add(listener);
  }

  close(): void {
    this.#transport.close();
  }
}
