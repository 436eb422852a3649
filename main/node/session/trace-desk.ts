// Trace events for all clients over one agent: the agent is asked for all events that anyone wants of a device, and ends with the last client.
import { streams } from '#common/frame.ts';
import type { Arguments, EventOf, Refusal } from '#common/protocol.ts';
import { ok, type Result } from '#common/result.ts';
import type { TraceEventName } from '#common/trace/event-kinds.ts';
import type { AgentLink } from './agent-link.ts';
import type { Client } from './client.ts';
import type { Kept } from './kept.ts';

type Wanted = Map<Client, ReadonlySet<TraceEventName>>;

/** The session's traces. */
export class TraceDesk {
  readonly #link: AgentLink;
  readonly #kept: Kept;
  readonly #devices = new Map<string, Wanted>();

  constructor(link: AgentLink, kept: Kept) {
    this.#link = link;
    this.#kept = kept;
  }

  /** Whether events of this device go to this client. */
  isFor(client: Client, device: string): boolean {
    return this.#devices.get(device)?.has(client) ?? false;
  }

  /** Sets what a client wants. What the agent refuses is not remembered; without an agent only ending succeeds. A client that is new to a device gets the kept events. */
  async trace(client: Client, { device, events }: Arguments<'trace'>): Promise<Result<void, Refusal>> {
    if (!this.#link.isLive) {
      if (events.length > 0) return this.#link.request('trace', { device, events });
      this.#set(client, device, []);
      return ok(undefined);
    }
    const before = this.#union(device);
    const own = this.#devices.get(device)?.get(client);
    this.#set(client, device, events);
    const set = this.#devices.get(device)?.get(client);
    // Before anything new can come: what is kept is older.
    if (!own && events.length > 0) this.#tellKept(client, device);
    const answer = String(this.#union(device)) === String(before) ? ok(undefined) : await this.#ask(device);
    // Only if nothing came between: the client may have left, or asked for other events.
    if (!answer.ok && events.length > 0 && this.#devices.get(device)?.get(client) === set) this.#set(client, device, [...(own ?? [])]);
    return answer;
  }

  /** Tells a client the kept events of all devices that it traces: another instant of a recording is shown. */
  replay(client: Client): void {
    for (const device of this.#devices.keys()) if (this.isFor(client, device)) this.#tellKept(client, device);
  }

  /** Ends all traces of a client. */
  leave(client: Client): void {
    for (const [device, wanted] of [...this.#devices]) {
      const before = String(this.#union(device));
      if (!wanted.has(client)) continue;
      this.#set(client, device, []);
      if (String(this.#union(device)) !== before) void this.#ask(device);
    }
  }

  /** Asks a new agent for everything that is traced. */
  restore(): void {
    for (const device of this.#devices.keys()) void this.#ask(device);
  }

  /** A driver that was loaded again has its events again; whoever traced them goes on tracing. */
  devicesChanged(before: EventOf<'devices'> | null, after: EventOf<'devices'>): void {
    const offers = (event: EventOf<'devices'> | null, device: string) =>
      event?.devices.some(({ pciAddress, rings }) => pciAddress === device && rings.length > 0) ?? false;
    for (const device of this.#devices.keys()) if (offers(after, device) && !offers(before, device)) void this.#ask(device);
  }

  #tellKept(client: Client, device: string): void {
    for (const payload of this.#kept.traces(device)) client.outbox.history(streams.trace, payload);
  }

  #set(client: Client, device: string, events: readonly TraceEventName[]): void {
    const wanted: Wanted = this.#devices.get(device) ?? new Map();
    if (events.length > 0) wanted.set(client, new Set(events));
    else wanted.delete(client);
    if (wanted.size > 0) this.#devices.set(device, wanted);
    else this.#devices.delete(device);
  }

  #union(device: string): TraceEventName[] {
    const all = [...(this.#devices.get(device)?.values() ?? [])].flatMap((events) => [...events]);
    return [...new Set(all)].sort();
  }

  #ask(device: string): Promise<Result<void, Refusal>> {
    return this.#link.request('trace', { device, events: this.#union(device) });
  }
}
