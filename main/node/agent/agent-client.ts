// One agent on one pipe. Bulk frames pass through as they came; who shows them decodes them (design decision 8).
import type { Duplex } from 'node:stream';
import { type Frame, FrameDecoder } from '#common/frame.ts';
import { type AgentEvent, type AgentVerb, type Arguments, agentEvent, protocolVersion, type Refusal } from '#common/protocol.ts';
import type { Result } from '#common/result.ts';
import type { Unsubscribe } from '#common/transport.ts';
import { ControlChannel } from './control-channel.ts';
import type { WireFault } from './control-message.ts';
import { Listeners } from './listeners.ts';

// Under TCG on two busy cores, loading the module and setting the links up takes seconds.
const slowLimitMs = 30_000;
const usualLimitMs = 10_000;
const slowVerbs: ReadonlySet<AgentVerb> = new Set<AgentVerb>([
  'load-module',
  'unload-module',
  'traffic',
  'set-link',
  'take-device',
  'release-device',
  'set-driver',
  'reset-device',
  'set-mtu',
]);

/** How long an agent may take to answer a verb, in milliseconds. */
export function answerLimitMs(verb: AgentVerb): number {
  return slowVerbs.has(verb) ? slowLimitMs : usualLimitMs;
}

/** The client of an agent. It ends with its pipe, from whichever side; nothing that the agent sends makes it throw. */
export class AgentClient {
  readonly #pipe: Duplex;
  readonly #decoder = new FrameDecoder();
  readonly #channel: ControlChannel<AgentEvent>;
  readonly #ends = new Listeners<string>();
  #ended = false;

  constructor(pipe: Duplex) {
    this.#pipe = pipe;
    this.#channel = new ControlChannel<AgentEvent>({
      send: (frame) => {
        if (pipe.writable) pipe.write(frame);
      },
      events: agentEvent,
      peer: 'The agent',
    });
    pipe.on('data', (chunk: Uint8Array) => {
      if (!this.#ended && !this.#channel.take(this.#decoder.push(chunk))) this.#end('The agent’s pipe lost its framing.');
    });
    pipe.once('end', () => {
      this.#channel.take(this.#decoder.end());
      this.#end('The agent has ended.');
    });
    pipe.on('error', (error) => this.#end(`The agent’s pipe broke: ${error.message}.`));
    pipe.once('close', () => this.#end('The agent’s pipe was closed.'));
  }

  /**
   * The first request. A success says that the agent speaks this protocol; what it tells of itself follows as the event `hello`. Refusals:
   * `protocol-mismatch`, `failed` when nothing answered, `target-not-live` when the pipe ended first.
   */
  hello(application: string): Promise<Result<void, Refusal>> {
    return this.request('hello', { protocol: protocolVersion, application });
  }

  /** Asks the agent. A success says accepted; what changed arrives as an event. */
  request<V extends AgentVerb>(verb: V, args: Arguments<V>, limitMs = answerLimitMs(verb)): Promise<Result<void, Refusal>> {
    return this.#channel.request(verb, args as object, limitMs);
  }

  onEvent(listener: (event: AgentEvent) => void): Unsubscribe {
    return this.#channel.onEvent(listener);
  }

  /** Frames of streams 1 to 5. */
  onBulk(listener: (frame: Frame) => void): Unsubscribe {
    return this.#channel.onBulk(listener);
  }

  /** What was wrong on the pipe. A lost framing ends the client right after it. */
  onFault(listener: (fault: WireFault) => void): Unsubscribe {
    return this.#channel.onFault(listener);
  }

  /** Called once, with the reason as a sentence. */
  onEnd(listener: (reason: string) => void): Unsubscribe {
    return this.#ends.add(listener);
  }

  /** Drops the pipe; the agent exits when its end closes. */
  close(): void {
    this.#end('The application closed the agent’s pipe.');
  }

  #end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#channel.end(reason);
    this.#pipe.destroy();
    this.#ends.call(reason);
  }
}
