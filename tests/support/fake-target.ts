// A target without a guest: a test makes its agents appear and end.
import type { Duplex } from 'node:stream';
import type { Unsubscribe } from '#common/transport.ts';
import { Listeners } from '../../main/node/agent/listeners.ts';
import type { Target, TargetState } from '../../main/node/target.ts';
import { WireAgent } from './wire-agent.ts';
import { devicesEvent, helloEvent, moduleEvent, tableEvent, trafficEvent } from './wire-payloads.ts';

/** A target that says what a test makes it say. */
export class FakeTarget implements Target {
  readonly #states = new Listeners<TargetState>();
  readonly #pipes = new Listeners<Duplex>();
  readonly #consoles = new Listeners<Uint8Array>();
  readonly calls: string[] = [];
  /** Called by `start`, so that a test can let an agent appear each time. */
  onStart: () => void | Promise<void> = () => undefined;
  state: TargetState = {
    kind: 'lab',
    phase: 'stopped',
    step: 'Not started',
    elapsedMs: 0,
    accelerator: null,
    machine: null,
    reason: null,
    lastConsoleLines: [],
  };

  show(change: Partial<TargetState>): void {
    this.state = { ...this.state, ...change };
    this.#states.call(this.state);
  }

  /** An agent appears. Unless told otherwise it answers hello with its events. */
  bringAgent(agent = talkingAgent()): WireAgent {
    this.show({ phase: 'live', step: 'The agent answers' });
    this.#pipes.call(agent.pipe);
    return agent;
  }

  speak(text: string): void {
    this.#consoles.call(Buffer.from(text));
  }

  async start(): Promise<void> {
    this.calls.push('start');
    await this.onStart();
  }

  async stop(): Promise<void> {
    this.calls.push('stop');
    this.show({ phase: 'stopped', step: 'Stopped' });
  }

  onState(listener: (state: TargetState) => void): Unsubscribe {
    listener(this.state);
    return this.#states.add(listener);
  }

  onPipe(listener: (pipe: Duplex) => void): Unsubscribe {
    return this.#pipes.add(listener);
  }

  onConsole(listener: (bytes: Uint8Array) => void): Unsubscribe {
    return this.#consoles.add(listener);
  }

  writeConsole(text: string): void {
    this.calls.push(`console: ${text}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

/** An agent that answers hello with its events and does what it is asked, in words. */
export function talkingAgent(bootTimeUnixNs?: string): WireAgent {
  const agent = new WireAgent();
  agent.beforeReply = ({ verb, arguments: args }) => {
    if (verb === 'traffic') agent.tell(trafficEvent(args.running === true));
    if (verb === 'load-module') agent.tell(moduleEvent('live'));
    if (verb !== 'hello') return;
    // The wire lets events follow the reply; a test need not care for that order.
    for (const event of [helloEvent(bootTimeUnixNs), moduleEvent('absent'), devicesEvent(), tableEvent(), trafficEvent(false)])
      agent.tell(event);
  };
  return agent;
}
