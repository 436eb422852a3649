// One run of QEMU: the process and its three sockets, from the first byte to the last words.
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import type { Server, Socket } from 'node:net';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { TargetState } from '../target.ts';
import { AgentPipe } from './agent-pipe.ts';
import { ConsoleLines } from './console-lines.ts';
import { listenAt } from './listener.ts';
import { Monitor } from './monitor.ts';
import { type Accelerator, agentPortId, socketNames } from './qemu-command.ts';

// A guest under TCG on two busy cores has its agent up in 5 to 10 s; a minute means that something is wrong.
const quitLimitMs = 2000;
const consoleLinesShown = 40;

/** Why a guest ended, as a user should read it. */
export type Reason = NonNullable<TargetState['reason']>;

/** What a guest tells of itself. */
export interface GuestEvents {
  onConsole: (bytes: Uint8Array) => void;
  onPipe: (pipe: Duplex) => void;
  onAgentEnd: () => void;
  onMonitorEvent: (name: string, data: Record<string, unknown>) => void;
  /** `again` says what one more start is likely to mend, as the step of that start; null where none would. */
  onEnd: (reason: Reason, again: string | null) => void;
}

/**
 * What QEMU 10.0 says when one of its vCPU threads looks up memory through a map that another has just replaced, as happens when a card's registers are moved
 * or a card is pulled (system/physmem.c). It is QEMU's own, seldom, and gone with the next start.
 */
const knownRace = /iotlb_to_section: Assertion/;

/** bubblewrap passes on as its own exit code what signal QEMU ended by, as shells do: 128 and the signal's number. */
function howItEnded({ signalCode, exitCode }: ChildProcess): string {
  const passedOn = Object.entries(constants.signals).find(([, number]) => number + 128 === exitCode)?.[0];
  return (signalCode ?? passedOn) ? `by ${signalCode ?? passedOn}` : `with exit code ${exitCode}`;
}

/** One guest. `run` once, `end` at any time; `onEnd` is called only for an end that nobody asked for. */
export class Guest {
  readonly #events: GuestEvents;
  readonly #bootLimitMs: number;
  readonly #console = new ConsoleLines();
  readonly #servers = new Set<Server>();
  #agentServer: Server | null = null;
  readonly #sockets = new Set<Socket>();
  #directory = '';
  #process: ChildProcess | null = null;
  #exited: Promise<void> = Promise.resolve();
  #errorText = '';
  #isTooLate = false;
  #ending = false;
  #agentSocket: Socket | null = null;
  #agentPortOpen = false;
  #agentPortClosed: (() => void) | null = null;
  #pipe: AgentPipe | null = null;
  #consoleSocket: Socket | null = null;
  #bootLimit: NodeJS.Timeout | undefined;
  monitor: Monitor | null = null;

  constructor(events: GuestEvents, bootLimitMs: number) {
    this.#events = events;
    this.#bootLimitMs = bootLimitMs;
  }

  get consoleTail(): string[] {
    return this.#console.lines.slice(-consoleLinesShown);
  }

  /** Starts QEMU; resolves when the first agent's pipe is open or the guest has ended. */
  async run(args: string[], directory: string, accelerator: Accelerator): Promise<void> {
    await this.#listen(join(directory, socketNames.console), (socket) => {
      this.#consoleSocket = socket;
      socket.on('data', (bytes) => {
        this.#console.add(bytes);
        this.#events.onConsole(bytes);
      });
    });
    await this.#listen(join(directory, socketNames.monitor), (socket) => {
      this.monitor = new Monitor(
        socket,
        (name, data) => this.#onMonitorEvent(name, data),
        () => this.#lastWords(),
      );
      this.monitor.execute('qmp_capabilities').catch(() => undefined);
    });
    this.#directory = directory;
    await this.#listenForAgent();
    const child = spawn('bwrap', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#errorText = (this.#errorText + text).slice(-4000);
    });
    this.#exited = new Promise((resolve) => {
      child.once('error', (error) => {
        this.#errorText += error.message;
        resolve();
      });
      // Not 'exit': what it said last may come after that.
      child.once('close', () => resolve());
    });
    void this.#exited.then(() => this.#onExit(child, accelerator));
    this.#bootLimit = setTimeout(() => {
      this.#isTooLate = true;
      child.kill('SIGKILL');
    }, this.#bootLimitMs);
  }

  /** Asks QEMU to end, insists after two seconds, and takes the sockets down. */
  async end(): Promise<void> {
    this.#ending = true;
    clearTimeout(this.#bootLimit);
    this.monitor?.execute('quit').catch(() => undefined);
    const insist = setTimeout(() => this.#process?.kill('SIGKILL'), quitLimitMs);
    await this.#exited;
    clearTimeout(insist);
    await this.#close();
  }

  writeConsole(text: string): void {
    this.#consoleSocket?.write(text);
  }

  async #listenForAgent(): Promise<void> {
    this.#agentServer = await this.#listen(join(this.#directory, socketNames.agent), (socket) => {
      this.#agentSocket = socket;
      this.#offerPipe();
    });
  }

  /**
   * QEMU calls again at once when it is cut off, and an agent that is busy just then would never see that its client has gone. So nobody answers until the
   * agent has closed its port.
   */
  #stopListeningForAgent(): void {
    const server = this.#agentServer;
    this.#agentServer = null;
    if (!server || this.#ending) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    this.#agentPortClosed = () => {
      this.#agentPortClosed = null;
      void closed.then(() => (this.#ending ? undefined : this.#listenForAgent()));
    };
  }

  async #listen(path: string, onConnection: (socket: Socket) => void): Promise<Server> {
    const server = await listenAt(path, (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => this.#sockets.delete(socket));
      onConnection(socket);
    });
    server.once('close', () => {
      rmSync(path, { force: true });
      this.#servers.delete(server);
    });
    this.#servers.add(server);
    return server;
  }

  #onMonitorEvent(name: string, data: Record<string, unknown>): void {
    this.#events.onMonitorEvent(name, data);
    if (name !== 'VSERPORT_CHANGE' || data.id !== agentPortId) return;
    this.#agentPortOpen = data.open === true;
    if (this.#agentPortOpen) {
      this.#offerPipe();
      return;
    }
    this.#agentPortClosed?.();
    const pipe = this.#pipe;
    this.#pipe = null;
    pipe?.endOfAgent();
    if (pipe && !this.#ending) this.#events.onAgentEnd();
  }

  #offerPipe(): void {
    if (!this.#agentPortOpen || !this.#agentSocket || this.#agentSocket.destroyed || this.#pipe) return;
    clearTimeout(this.#bootLimit);
    this.#pipe = new AgentPipe(this.#agentSocket, () => this.#stopListeningForAgent());
    this.#events.onPipe(this.#pipe);
  }

  async #onExit(child: ChildProcess, accelerator: Accelerator): Promise<void> {
    clearTimeout(this.#bootLimit);
    if (this.#ending) return;
    await this.#close();
    const panic = this.#console.panic;
    if (panic) {
      this.#events.onEnd(
        {
          title: 'The guest’s kernel panicked',
          detail: panic,
          remedy: 'Its last console lines are below. Restart the lab to go on.',
        },
        null,
      );
      return;
    }
    if (this.#isTooLate) {
      const limit = `${this.#bootLimitMs / 1000} s`;
      this.#events.onEnd(
        {
          title: 'The guest did not start',
          detail: `No agent has called within ${limit} under ${accelerator.toUpperCase()}. ${this.#errorText.trim()}`.trim(),
          remedy: 'Restart the lab when this machine has less to do. If it happens again, the console lines below say how far it came.',
        },
        // A kernel that is starved while it measures its clocks may stand still for good.
        `No agent has called within ${limit}; booting once more`,
      );
      return;
    }
    this.#events.onEnd(
      {
        title: 'QEMU has ended',
        detail: `${howItEnded(child)} under ${accelerator.toUpperCase()}. ${this.#errorText.trim()}`.trim(),
        remedy: 'Restart the lab. If it ends again, the console lines below and QEMU’s own words say why.',
      },
      knownRace.test(this.#errorText) ? 'QEMU ended by a race of its own; booting once more' : null,
    );
  }

  /** How QEMU has ended and what it said; nothing when it goes on for all that is known. */
  async #lastWords(): Promise<string> {
    const child = this.#process;
    await Promise.race([this.#exited, new Promise((resolve) => setTimeout(resolve, quitLimitMs).unref())]);
    if (!child || (child.exitCode === null && child.signalCode === null)) return '';
    return `It has ended ${howItEnded(child)}. ${this.#errorText.trim()}`.trim();
  }

  /** Takes the sockets down, and resolves when their names are free for the next guest. */
  async #close(): Promise<void> {
    this.#pipe?.endOfAgent();
    this.#pipe = null;
    const closed = [...this.#servers].map((server) => new Promise((resolve) => server.once('close', resolve)));
    for (const socket of this.#sockets) socket.destroy();
    for (const server of this.#servers) server.close();
    await Promise.all(closed);
  }
}
