// The agents of a lab guest, one after the other: each gets a client, whose events are kept until a test asks for them.
import type { Duplex } from 'node:stream';
import type { AgentVerb, Arguments, EventOf, Refusal } from '../../main/common/protocol.ts';
import { AgentClient } from '../../main/node/agent/agent-client.ts';
import type { LabTarget } from '../../main/node/lab/lab-target.ts';

type AgentEventType = 'hello' | 'module' | 'devices' | 'table' | 'traffic' | 'cost' | 'notice' | 'taken' | 'observation' | 'partner';

const limitMs = 60_000;

/** One agent of the guest. */
export class GuestAgent {
  readonly client: AgentClient;
  readonly ended: Promise<string>;
  readonly #events: EventOf<AgentEventType>[] = [];
  #arrived: () => void = () => undefined;

  constructor(pipe: Duplex) {
    this.client = new AgentClient(pipe);
    this.ended = new Promise((resolve) => this.client.onEnd(resolve));
    this.client.onEvent((event) => {
      this.#events.push(event);
      this.#arrived();
    });
  }

  /** Opens the session. */
  async hello(): Promise<void> {
    const outcome = await this.client.hello('test');
    if (!outcome.ok) throw new Error(outcome.error.message);
  }

  /** Asks and expects that it is done. */
  async do<V extends AgentVerb>(verb: V, args: Arguments<V>): Promise<void> {
    const outcome = await this.client.request(verb, args);
    if (!outcome.ok) throw new Error(`${verb}: ${outcome.error.code}: ${outcome.error.message}`);
  }

  /** Asks and expects a refusal. */
  async refused<V extends AgentVerb>(verb: V, args: Arguments<V>): Promise<Refusal> {
    const outcome = await this.client.request(verb, args);
    if (outcome.ok) throw new Error(`${verb} was not refused.`);
    return outcome.error;
  }

  /** The first event of a type that fits, among those that came and those that come. Earlier ones are forgotten with it. */
  async event<T extends AgentEventType>(type: T, fits: (event: EventOf<T>) => boolean = () => true): Promise<EventOf<T>> {
    const limit = setTimeout(() => this.#arrived(), limitMs);
    const end = Date.now() + limitMs;
    try {
      for (;;) {
        const place = this.#events.findIndex((event) => event.type === type && fits(event as EventOf<T>));
        if (place >= 0) return this.#events.splice(0, place + 1).at(-1) as EventOf<T>;
        if (Date.now() >= end) throw new Error(`No such ${type} came. These did: ${JSON.stringify(this.#events).slice(-2000)}`);
        await new Promise<void>((resolve) => {
          this.#arrived = resolve;
        });
      }
    } finally {
      clearTimeout(limit);
    }
  }
}

/** Hands the agents out in the order in which the guest starts them. */
export class GuestAgents {
  readonly #waiting: GuestAgent[] = [];
  #arrived: () => void = () => undefined;

  constructor(target: LabTarget) {
    target.onPipe((pipe) => {
      this.#waiting.push(new GuestAgent(pipe));
      this.#arrived();
    });
  }

  /** The next agent that was not handed out yet, its session open. */
  async next(): Promise<GuestAgent> {
    for (;;) {
      const agent = this.#waiting.shift();
      if (agent) {
        await agent.hello();
        return agent;
      }
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }
}
