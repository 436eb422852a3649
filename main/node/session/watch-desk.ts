// Watching and reading for all clients over one agent: the agent hears of the highest rate, each snapshot goes to who asked for it.
import type { Arguments, EventOf, Refusal } from '#common/protocol.ts';
import { ok, type Result } from '#common/result.ts';
import type { AgentLink } from './agent-link.ts';
import type { Client } from './client.ts';
import type { Kept } from './kept.ts';
import { streamOf } from './snapshot-key.ts';
import { keyOf, type Watched, Watches } from './watches.ts';

/** The session's watches and reads. */
export class WatchDesk {
  readonly #link: AgentLink;
  readonly #kept: Kept;
  readonly #watches = new Watches();
  readonly #readers = new Map<string, Client[]>();

  constructor(link: AgentLink, kept: Kept) {
    this.#link = link;
    this.#kept = kept;
  }

  /** Whether anyone watches this thing; only such a thing's newest snapshot is kept. */
  isWatched(watched: Watched): boolean {
    return this.#watches.highest(watched) > 0;
  }

  /** Whether a snapshot of this thing goes to this client. */
  isFor(client: Client, key: string): boolean {
    return this.#watches.isWatching(client, key) || (this.#readers.get(key)?.includes(client) ?? false);
  }

  /** Sets a client's rate. What the agent refuses is not remembered; without an agent only ending a watch succeeds. */
  async watch(client: object, { hz, ...watched }: Arguments<'watch'>): Promise<Result<void, Refusal>> {
    if (!this.#link.isLive) {
      if (hz > 0) return this.#link.request('watch', { ...watched, hz });
      this.#watches.set(client, watched, 0);
      return ok(undefined);
    }
    const before = this.#watches.highest(watched);
    const own = this.#watches.rateOf(client, watched);
    if (this.#watches.set(client, watched, hz) === before) return ok(undefined);
    const answer = await this.#ask(watched);
    // Only if nothing came between: the client may have left, or asked for another rate.
    if (!answer.ok && hz > 0 && this.#watches.rateOf(client, watched) === hz) this.#watches.set(client, watched, own);
    return answer;
  }

  /** Reads one snapshot for a client; it is sent before this resolves, also to a client whose window is full. */
  async read(client: Client, watched: Arguments<'read'>): Promise<Result<void, Refusal>> {
    const key = keyOf(watched);
    this.#readers.set(key, [...(this.#readers.get(key) ?? []), client]);
    const answer = await this.#link.request('read', watched);
    const readers = [...(this.#readers.get(key) ?? [])];
    readers.splice(readers.indexOf(client), 1);
    if (readers.length > 0) this.#readers.set(key, readers);
    else this.#readers.delete(key);
    if (answer.ok) await new Promise<void>((sent) => client.outbox.afterNewest(streamOf(watched.what), key, sent));
    return answer;
  }

  /** Ends all watches of a client. */
  leave(client: object): void {
    for (const watched of this.#watches.leave(client)) void this.#ask(watched);
  }

  /** Asks a new agent for everything that is watched. */
  restore(): void {
    for (const watched of this.#watches.all()) void this.#ask(watched);
  }

  /** A driver that was loaded again offers its things again; whoever watched them goes on watching. */
  devicesChanged(before: EventOf<'devices'> | null, after: EventOf<'devices'>): void {
    for (const watched of this.#watches.all()) {
      if (offers(after, watched) && !offers(before, watched)) void this.#ask(watched);
    }
  }

  #ask(watched: Watched): Promise<Result<void, Refusal>> {
    const hz = this.#watches.highest(watched);
    if (hz === 0) this.#kept.dropSnapshot(keyOf(watched));
    return this.#link.request('watch', { ...watched, hz });
  }
}

function offers(event: EventOf<'devices'> | null, { device, what }: Watched): boolean {
  const found = event?.devices.find(({ pciAddress }) => pciAddress === device);
  if (!found || found.rings.length === 0) return false;
  return !what.startsWith('ring:') || found.rings.some(({ kind, index }) => what === `ring:${kind}:${index}`);
}
