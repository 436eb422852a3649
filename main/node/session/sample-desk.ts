// Sampling for all clients over one agent: each client asks for its own rate, the agent hears of the highest, and it goes down when that client leaves.
import type { Arguments, Refusal } from '#common/protocol.ts';
import { ok, type Result } from '#common/result.ts';
import type { AgentLink } from './agent-link.ts';

/** The session's rate of samples. A client that asks for none takes what comes; while nobody asks, the target's usual rate holds. */
export class SampleDesk {
  readonly #link: AgentLink;
  readonly #rates = new Map<object, number>();

  constructor(link: AgentLink) {
    this.#link = link;
  }

  /** Sets a client's rate, 0 where it wants no samples. What the agent refuses is not remembered, nor what is asked while there is none. */
  async sample(client: object, { hz }: Arguments<'sample'>): Promise<Result<void, Refusal>> {
    if (!this.#link.isLive) return this.#link.request('sample', { hz });
    const own = this.#rates.get(client);
    this.#rates.set(client, hz);
    const answer = await this.#ask();
    // Only if nothing came between: the client may have left, or asked for another rate.
    if (!answer.ok && this.#rates.get(client) === hz) {
      if (own === undefined) this.#rates.delete(client);
      else this.#rates.set(client, own);
      this.#link.wishSampleHz(this.#highest());
    }
    return answer;
  }

  /** A client's rate does not count any more. */
  leave(client: object): void {
    if (this.#rates.delete(client)) void this.#ask();
  }

  async #ask(): Promise<Result<void, Refusal>> {
    const before = this.#link.sampleHz;
    this.#link.wishSampleHz(this.#highest());
    const hz = this.#link.sampleHz;
    return hz === before || !this.#link.isLive ? ok(undefined) : this.#link.request('sample', { hz });
  }

  /** Null while nobody asks. */
  #highest(): number | null {
    return this.#rates.size === 0 ? null : Math.max(...this.#rates.values());
  }
}
