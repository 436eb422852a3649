// Observing devices for all clients over one agent: each client asks for its own rate, the agent hears of the highest, and an observation ends with its last client.
import type { Arguments, Refusal } from '#common/protocol.ts';
import { ok, type Result } from '#common/result.ts';
import type { AgentLink } from './agent-link.ts';
import type { Client } from './client.ts';
import { Watches } from './watches.ts';

const what = 'observation';

/** The session's observations. */
export class ObserveDesk {
  readonly #link: AgentLink;
  readonly #watches = new Watches();

  constructor(link: AgentLink) {
    this.#link = link;
  }

  /** Sets a client's rate. What the agent refuses is not remembered; without an agent only ending an observation succeeds. */
  async observe(client: Client, { device, hz }: Arguments<'observe'>): Promise<Result<void, Refusal>> {
    const watched = { device, what };
    if (!this.#link.isLive) {
      if (hz > 0) return this.#link.request('observe', { device, hz });
      this.#watches.set(client, watched, 0);
      return ok(undefined);
    }
    const before = this.#watches.highest(watched);
    const own = this.#watches.rateOf(client, watched);
    const isHighest = this.#watches.set(client, watched, hz) === before;
    // The agent does not repeat what does not change, so a client that is new to a device has the agent asked again, which then tells it at once.
    const isNew = own === 0 && hz > 0;
    if (isHighest && !isNew) return ok(undefined);
    const answer = await this.#ask(device);
    if (!answer.ok && hz > 0 && this.#watches.rateOf(client, watched) === hz) this.#watches.set(client, watched, own);
    return answer;
  }

  /** Ends all observations of a client. */
  leave(client: Client): void {
    for (const { device } of this.#watches.leave(client)) void this.#ask(device);
  }

  /** Asks a new agent for everything that is observed. */
  restore(): void {
    for (const { device } of this.#watches.all()) void this.#ask(device);
  }

  #ask(device: string): Promise<Result<void, Refusal>> {
    return this.#link.request('observe', { device, hz: this.#watches.highest({ device, what }) });
  }
}
