// This machine as a target: starts the agent as root where that is possible, says in words what happens, starts it again when it died.
import { hostname, release } from 'node:os';
import type { Duplex } from 'node:stream';
import type { Result } from '#common/result.ts';
import type { Unsubscribe } from '#common/transport.ts';
import { Listeners } from '../agent/listeners.ts';
import type { Target, TargetState } from '../target.ts';
import { type AgentExit, AgentProcess } from './agent-process.ts';
import { type ElevationFacts, elevationFacts, manualWay, type Role, type Way, waysToStart } from './elevation.ts';
import { endOf, mayTryAnother, startFailure } from './exit-words.ts';
import { findInstallation, type Installation, installationPlaces } from './installation.ts';
import { checkedPath } from './safe-path.ts';

/** What the target needs of the machine; tests give their own. */
export interface LocalMachine {
  findInstallation(): Result<Installation, string>;
  readonly elevation: ElevationFacts;
  /** The agent may write registers. */
  readonly allowsWrites?: boolean;
}

/** The machine that the application runs on. */
export function localMachine(allowsWrites = false): LocalMachine {
  return { findInstallation: () => findInstallation(installationPlaces()), elevation: elevationFacts(), allowsWrites };
}

// The agent gives devices back when its pipe ends: unbinding and binding each takes up to some seconds.
const endLimitMs = 30_000;
const pausesMs = [500, 1000, 2000, 4000, 8000] as const;
// One that lived this long did not die of how it was started.
const steadyMs = 60_000;

const starting: Record<Way['kind'], string> = {
  root: 'Starting the agent',
  pkexec: 'Starting the agent through pkexec',
  sudo: 'Starting the agent through sudo',
  user: 'Starting the agent without privileges',
};

/** The target `local`. */
export class LocalTarget implements Target {
  readonly #role: Role;
  readonly #machine: LocalMachine;
  readonly #stateListeners = new Listeners<TargetState>();
  readonly #pipeListeners = new Listeners<Duplex>();
  #state: TargetState;
  #startedAt = Date.now();
  // What was begun before a stop or another start has nothing to say any more.
  #run = 0;
  #agent: AgentProcess | null = null;
  #pause: NodeJS.Timeout | undefined;
  #deaths = 0;

  constructor(role: Role, machine: LocalMachine = localMachine()) {
    this.#role = role;
    this.#machine = machine;
    this.#state = {
      kind: 'local',
      phase: 'stopped',
      step: 'The agent has not been started.',
      elapsedMs: 0,
      accelerator: null,
      machine: `${hostname()}, Linux ${release()}`,
      reason: null,
      lastConsoleLines: [],
    };
  }

  async start(): Promise<void> {
    await this.stop();
    this.#startedAt = Date.now();
    this.#deaths = 0;
    await this.#begin();
  }

  async stop(): Promise<void> {
    this.#run += 1;
    clearTimeout(this.#pause);
    const agent = this.#agent;
    this.#agent = null;
    if (!agent && this.#state.phase === 'stopped') return;
    if (agent) this.#show({ step: 'The agent gives back what it took' });
    const isGone = (await agent?.end(endLimitMs)) ?? true;
    if (isGone) this.#show({ phase: 'stopped', step: 'The agent was stopped.', reason: null, lastConsoleLines: [] });
    else
      this.#fail({
        title: 'The agent does not end',
        detail: `Its pipe was closed ${endLimitMs / 1000} s ago, and it still runs: ${agent?.words.at(-1) ?? 'it gave no reason'}.`,
        remedy: 'Look at it with `ps -C ringscope-agent`; what it took is given back when it ends, or by the next agent.',
      });
  }

  onState(listener: (state: TargetState) => void): Unsubscribe {
    listener(this.#state);
    return this.#stateListeners.add(listener);
  }

  onPipe(listener: (pipe: Duplex) => void): Unsubscribe {
    return this.#pipeListeners.add(listener);
  }

  /** This machine's console is not ours. */
  onConsole(): Unsubscribe {
    return () => undefined;
  }

  writeConsole(): void {
    // There is none to write to.
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #begin(): Promise<void> {
    this.#run += 1;
    const run = this.#run;
    this.#show({ phase: 'preparing', step: 'Looking for the agent', reason: null, lastConsoleLines: [] });
    const { elevation, allowsWrites = false } = this.#machine;
    const installation = this.#machine.findInstallation();
    if (!installation.ok) {
      this.#fail({ title: 'The agent is missing', detail: installation.error, remedy: 'Then restart the target.' });
      return;
    }
    const { agent, isOwn } = installation.value;
    const checked = checkedPath(agent, elevation.userId);
    if (!checked.ok) {
      this.#fail({ title: 'The agent is not started', detail: checked.error, remedy: 'Then restart the target.' });
      return;
    }
    const ways = await waysToStart(agent, this.#role, elevation, allowsWrites);
    if (run !== this.#run) return;
    const manual = manualWay(agent, isOwn, elevation, allowsWrites);
    const [first, ...others] = ways;
    if (first) this.#launch({ agent, manual, way: first, others });
    else
      this.#fail({
        title: 'The agent needs root, and this user has no way to it',
        detail: `Neither pkexec nor \`sudo -n\` starts ${agent} for ${elevation.userName}.`,
        remedy: manual,
      });
  }

  #launch({ agent, manual, way, others }: { agent: string; manual: string; way: Way; others: readonly Way[] }): void {
    const run = this.#run;
    const isCurrent = () => run === this.#run;
    this.#show({
      phase: 'connecting',
      step: way.asks === 'in a dialog' ? 'Waiting for the answer to the question for a password' : starting[way.kind],
    });
    const begun = Date.now();
    this.#agent = new AgentProcess(way, agent, {
      onPipe: (pipe) => {
        if (isCurrent()) this.#pipeListeners.call(pipe);
      },
      onTalk: () => {
        if (isCurrent()) this.#show({ phase: 'live', step: 'The agent answers', lastConsoleLines: [] });
      },
      onExit: (exit) => {
        if (!isCurrent()) return;
        this.#agent = null;
        const [next, ...rest] = others;
        if (exit.hasTalked) this.#died(exit, Date.now() - begun);
        else if (next && mayTryAnother(way, exit)) this.#launch({ agent, manual, way: next, others: rest });
        else this.#fail(startFailure(way, exit, manual), exit.words);
      },
    });
  }

  #died(exit: AgentExit, livedMs: number): void {
    this.#deaths = livedMs > steadyMs ? 1 : this.#deaths + 1;
    const pauseMs = pausesMs[this.#deaths - 1];
    if (pauseMs === undefined) {
      this.#fail(
        {
          title: 'The agent ends again and again',
          detail: `It was started ${pausesMs.length + 1} times; the last time: ${endOf(exit)}.`,
          remedy: 'Restart the target to try once more. What it took was given back, or is by the next agent.',
        },
        exit.words,
      );
      return;
    }
    this.#show({
      phase: 'connecting',
      step: `The agent ended (${endOf(exit)}); it is started again in ${pauseMs / 1000} s, attempt ${this.#deaths} of ${pausesMs.length}`,
      lastConsoleLines: exit.words,
    });
    this.#pause = setTimeout(() => void this.#begin(), pauseMs);
  }

  #show(change: Partial<TargetState>): void {
    this.#state = { ...this.#state, ...change, elapsedMs: Date.now() - this.#startedAt };
    this.#stateListeners.call(this.#state);
  }

  #fail(reason: NonNullable<TargetState['reason']>, words: readonly string[] = []): void {
    this.#show({ phase: 'failed', step: reason.title, reason, lastConsoleLines: words });
  }
}
