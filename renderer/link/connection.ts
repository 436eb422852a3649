// Keeps a connection: dials, says hello, and dials again with growing pauses when it is lost.
import type { Refusal } from '#common/protocol.ts';
import { LinkClient, type LinkListener } from './client.ts';
import type { Dial } from './dialling.ts';

/** Where the connection stands, in a form the window can say in words. */
export type ConnectionState =
  | { readonly name: 'connecting' }
  | { readonly name: 'open' }
  | { readonly name: 'lost'; readonly attempts: number; readonly nextInMs: number }
  | { readonly name: 'refused'; readonly reason: string };

/** Pause before the next attempt: quick at first, for a reloaded server, and never more than five seconds. */
export function pauseMs(attempts: number): number {
  return Math.min(5000, 250 * 2 ** Math.min(attempts, 10));
}

/** What the connection needs from its surroundings. */
export interface ConnectionHost {
  readonly dial: Dial;
  readonly application: string;
  onState(state: ConnectionState): void;
  /** A client that has been greeted. */
  onOpen(client: LinkClient): void;
  readonly listener: Omit<LinkListener, 'onClose'>;
  /** Runs a function later; a test runs it at once. */
  later(run: () => void, delayMs: number): void;
}

/** Holds at most one client at a time. */
export class Connection {
  readonly #host: ConnectionHost;
  #client: LinkClient | null = null;
  #attempts = 0;

  constructor(host: ConnectionHost) {
    this.#host = host;
  }

  /** The open client, or null while there is none. */
  get client(): LinkClient | null {
    return this.#client;
  }

  /** Dials now. */
  async start(): Promise<void> {
    if (this.#attempts === 0) this.#host.onState({ name: 'connecting' });
    const attempt = await this.#host.dial();
    if (attempt.type === 'refused') this.#host.onState({ name: 'refused', reason: attempt.reason });
    else if (attempt.type === 'unreachable') this.#retry();
    else await this.#open(new LinkClient(attempt.transport, { ...this.#bound(), onClose: () => this.#closed() }));
  }

  #bound(): Omit<LinkListener, 'onClose'> {
    const { listener } = this.#host;
    return {
      onEvent: (event) => listener.onEvent(event),
      onBulk: (frame) => listener.onBulk(frame),
      onFault: (fault) => listener.onFault(fault),
    };
  }

  async #open(client: LinkClient): Promise<void> {
    this.#client = client;
    const answer = await client.hello(this.#host.application);
    if (this.#client !== client) return;
    if (!answer.ok) {
      this.#refuse(client, answer.error);
      return;
    }
    this.#attempts = 0;
    this.#host.onState({ name: 'open' });
    this.#host.onOpen(client);
  }

  #refuse(client: LinkClient, { message, remedy }: Refusal): void {
    this.#client = null;
    client.close();
    this.#host.onState({ name: 'refused', reason: remedy ? `${message} ${remedy}` : message });
  }

  #closed(): void {
    if (!this.#client) return;
    this.#client = null;
    this.#retry();
  }

  #retry(): void {
    const nextInMs = pauseMs(this.#attempts);
    this.#attempts += 1;
    this.#host.onState({ name: 'lost', attempts: this.#attempts, nextInMs });
    this.#host.later(() => void this.start(), nextInMs);
  }
}
