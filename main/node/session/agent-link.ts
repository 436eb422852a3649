// The session's agents, one after the other: each pipe of the target is greeted, a fresh target gets the start policy, a restarted agent gets back what was on.
import type { Duplex } from 'node:stream';
import type { Frame } from '#common/frame.ts';
import type { AgentEvent, AgentVerb, Arguments, Refusal, TargetChoice } from '#common/protocol.ts';
import { err, type Result } from '#common/result.ts';
import { AgentClient } from '../agent/agent-client.ts';
import type { WireFault } from '../agent/control-message.ts';
import { linkUp, noTraffic, startSampleHz, startsByItself, startTraffic } from './start-policy.ts';

/** What the session hears of its agent. */
export interface AgentLinkEvents {
  onEvent(event: AgentEvent): void;
  onBulk(frame: Frame): void;
  onFault(fault: WireFault): void;
  /** The start policy asked for something in vain. */
  onRefused(verb: string, refusal: Refusal): void;
  /** No agent can be had on this pipe. */
  onHelloRefused(refusal: Refusal): void;
  /** The agent answered; watches are to be asked for again. */
  onLive(): void;
}

/** The agent that answers now, if one does. */
export class AgentLink {
  readonly #application: string;
  readonly #events: AgentLinkEvents;
  #agent: AgentClient | null = null;
  #isLive = false;
  #loadsDriver = true;
  #usualSampleHz = startSampleHz;
  #wishedSampleHz: number | null = null;
  #traffic: Arguments<'traffic'> = startTraffic;

  constructor(application: string, events: AgentLinkEvents) {
    this.#application = application;
    this.#events = events;
  }

  get isLive(): boolean {
    return this.#isLive;
  }

  /** Samples a second that the agent is asked for, now and after it was restarted. */
  get sampleHz(): number {
    return this.#usualSampleHz === 0 ? 0 : (this.#wishedSampleHz ?? this.#usualSampleHz);
  }

  /** What clients want together; null for what is usual. The agent is not asked by this. */
  wishSampleHz(hz: number | null): void {
    this.#wishedSampleHz = hz;
  }

  /** The next agent runs on a fresh target of this kind: it gets the start policy. A recording is asked for nothing. */
  expectFresh(kind: TargetChoice['kind']): void {
    this.#loadsDriver = startsByItself(kind);
    this.#usualSampleHz = kind === 'recording' ? 0 : startSampleHz;
    this.#traffic = startsByItself(kind) ? startTraffic : noTraffic;
  }

  /** A pipe to a new agent; the one before has ended. Resolves when the agent is live, or is not going to be. */
  async take(pipe: Duplex): Promise<void> {
    this.close();
    const agent = new AgentClient(pipe);
    this.#agent = agent;
    const whileCurrent =
      <T>(then: (value: T) => void) =>
      (value: T) => {
        if (this.#agent === agent) then(value);
      };
    agent.onEvent(whileCurrent((event) => this.#events.onEvent(event)));
    agent.onBulk(whileCurrent((frame) => this.#events.onBulk(frame)));
    agent.onFault(whileCurrent((fault) => this.#events.onFault(fault)));
    agent.onEnd(
      whileCurrent(() => {
        this.#agent = null;
        this.#isLive = false;
      }),
    );
    // Traffic ends with the agent that started it; a counted number of frames is not sent twice.
    const traffic = this.#traffic.running && this.#traffic.frames === undefined ? this.#traffic : null;
    const hasLink = traffic ? linkUp(agent) : null;
    const greeted = await agent.hello(this.#application);
    if (this.#agent !== agent) return;
    if (!greeted.ok) {
      this.#events.onHelloRefused(greeted.error);
      return;
    }
    this.#isLive = true;
    const told = (verb: string) => (answer: Result<void, Refusal>) => {
      if (!answer.ok) this.#refused(agent, verb, answer.error);
    };
    const loading = this.#loadsDriver ? agent.request('load-module', {}).then(told('load-module')) : null;
    const { sampleHz } = this;
    const sampling = sampleHz > 0 ? agent.request('sample', { hz: sampleHz }).then(told('sample')) : null;
    await Promise.all([loading, sampling]);
    if (this.#agent !== agent) return;
    void hasLink?.then(async () => {
      // Whoever asked for other traffic meanwhile, or for none, has it.
      if (this.#agent === agent && traffic && this.#traffic === traffic) told('traffic')(await agent.request('traffic', traffic));
    });
    this.#loadsDriver = false;
    this.#events.onLive();
  }

  /** Asks the agent; `target-not-live` when there is none. */
  async request<V extends AgentVerb>(verb: V, args: Arguments<V>): Promise<Result<void, Refusal>> {
    if (!this.#agent || !this.#isLive) {
      return err({
        code: 'target-not-live',
        message: `\`${verb}\` needs a live agent, and none answers now.`,
        remedy: 'Wait until the target is live, or restart it.',
      });
    }
    const answer = await this.#agent.request(verb, args);
    if (verb === 'traffic' && answer.ok) this.#traffic = args as Arguments<'traffic'>;
    return answer;
  }

  /** Asks the agent for a sign of life. One that gives none is dropped, and its pipe with it, so that the target brings another. */
  async check(limitMs: number): Promise<boolean> {
    const agent = this.#agent;
    if (!agent || !this.#isLive) return true;
    const answer = await agent.request('cost', {}, limitMs);
    // A refusal is a sign of life too; only silence is none.
    const isSilent = !answer.ok && answer.error.code === 'failed' && this.#agent === agent;
    if (isSilent) this.close();
    return !isSilent;
  }

  /** Drops the agent, if there is one. */
  close(): void {
    const agent = this.#agent;
    this.#agent = null;
    this.#isLive = false;
    agent?.close();
  }

  #refused(agent: AgentClient, verb: string, refusal: Refusal): void {
    // What an agent left unanswered because it ended is no refusal.
    if (this.#agent === agent) this.#events.onRefused(verb, refusal);
  }
}
