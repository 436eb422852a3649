// The session: one target, any number of clients. Snapshot first, then deltas (driver/wire/README.md, "The session").
import { streams } from '#common/frame.ts';
import { type Arguments, type EventOf, protocolVersion, type Refusal, type SessionEvent } from '#common/protocol.ts';
import { err, ok, type Result } from '#common/result.ts';
import type { Transport, Unsubscribe } from '#common/transport.ts';
import { Listeners } from '../agent/listeners.ts';
import { buildCommand } from '../installation.ts';
import { RecordingDesk } from '../recording/recording-desk.ts';
import type { ChosenTarget, CreateTarget, Target, TargetState } from '../target.ts';
import type { LoadPty } from '../terminal/pty.ts';
import { TerminalDesk } from '../terminal/terminal-desk.ts';
import { AgentLink } from './agent-link.ts';
import { type CheckedRequest, Client, type ClientDesk, type ClientListeners } from './client.ts';
import { Intake } from './intake.ts';
import { Kept, sampleCapacity } from './kept.ts';
import { logCapacity } from './kept-log.ts';
import { LabDesk } from './lab-desk.ts';
import { MachineDesk, type MachineServices, machineServices } from './machine-desk.ts';
import { ObserveDesk } from './observe-desk.ts';
import { nothingToReplay, protocolMismatch, refusalNotice } from './refusals.ts';
import { SampleDesk } from './sample-desk.ts';
import { TraceDesk } from './trace-desk.ts';
import { WatchDesk } from './watch-desk.ts';

// An agent answers within milliseconds; one on a guest that has just woken up may take longer.
const signOfLifeMs = 5000;

/** What a session needs. The session owns its target: it makes, starts and stops it. */
export interface SessionOptions {
  readonly createTarget: CreateTarget;
  /** The target of the first `start`. */
  readonly first: ChosenTarget;
  readonly applicationVersion: string;
  /** How shells get their pseudo terminals; node-pty unless a test says otherwise. */
  readonly loadPty?: LoadPty;
  /** What is said of this machine without an agent; the real one unless a test gives its own. */
  readonly machine?: MachineServices;
}

/** One target at a time, shared by windows and command lines. */
export class Session implements AsyncDisposable {
  readonly #options: SessionOptions;
  readonly #startedUnixMs = Date.now();
  readonly #clients = new Set<Client>();
  readonly #live = new Listeners<void>();
  readonly #kept = new Kept();
  readonly #link: AgentLink;
  readonly #watchDesk: WatchDesk;
  readonly #observeDesk: ObserveDesk;
  readonly #sampleDesk: SampleDesk;
  readonly #traceDesk: TraceDesk;
  readonly #intake: Intake;
  readonly #terminals: TerminalDesk;
  readonly #desk: ClientDesk;
  readonly #recordings: RecordingDesk;
  readonly #machineDesk: MachineDesk;
  readonly #labDesk: LabDesk;
  #target: Target;
  #kind: ChosenTarget['kind'];
  #unsubscribe: Unsubscribe[];
  #targetEvent: EventOf<'target'> | null = null;
  #replayEvent: EventOf<'replay'> | null = null;
  // A recording jumps: its state at the new instant is on its way, and windows are told when it is whole.
  #isJumping = false;
  // Starts and stops of the target, one after the other: a target that is told to start while it starts would run twice.
  #work: Promise<void> = Promise.resolve();
  #started: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#link = new AgentLink(`ringscope ${options.applicationVersion}`, {
      onEvent: (event) => {
        this.#recordings.takeEvent(event);
        this.#intake.event(event);
        this.#labDesk.take(event);
      },
      onBulk: (frame) => {
        this.#recordings.takeBulk(frame);
        this.#intake.bulk(frame);
      },
      onFault: (fault) => this.#intake.fault(fault),
      onRefused: (verb, refusal) => this.#intake.event(refusalNotice(verb, refusal)),
      onHelloRefused: (refusal) => this.#helloRefused(refusal),
      onLive: () => {
        this.#endJump();
        this.#watchDesk.restore();
        this.#recordings.live();
        this.#observeDesk.restore();
        this.#traceDesk.restore();
        this.#live.call();
      },
    });
    this.#watchDesk = new WatchDesk(this.#link, this.#kept);
    this.#observeDesk = new ObserveDesk(this.#link);
    this.#sampleDesk = new SampleDesk(this.#link);
    this.#traceDesk = new TraceDesk(this.#link, this.#kept);
    this.#intake = new Intake(this.#kept, this.#watchDesk, this.#traceDesk, () => this.#followers());
    this.#terminals = new TerminalDesk({
      ...(options.loadPty && { loadPty: options.loadPty }),
      onChange: (event) => this.#tell(event),
    });
    this.#recordings = new RecordingDesk({
      applicationVersion: options.applicationVersion,
      kept: () => this.#kept.items(),
      target: () => this.#targetEvent,
      openPath: () => this.#target.replay?.path ?? null,
      devices: () => this.#kept.event('devices')?.devices ?? [],
      watchDesk: this.#watchDesk,
      tell: (event) => this.#tell(event),
    });
    this.#desk = {
      greet: (client, hello) => this.#greet(client, hello),
      welcome: (client) => this.#welcome(client),
      serve: (client, request) => this.#serve(client, request),
      leave: (client) => {
        this.#clients.delete(client);
        this.#letGo(client);
      },
    };
    this.#machineDesk = new MachineDesk(options.machine ?? machineServices, (event) => this.#tell(event));
    this.#labDesk = new LabDesk({
      devices: () => this.#kept.event('devices')?.devices ?? [],
      setDriver: (device, driver) => this.#link.request('set-driver', { device, driver }),
      tell: (event) => this.#tell(event),
    });
    this.#target = options.createTarget(options.first);
    this.#kind = options.first.kind;
    this.#unsubscribe = this.#listenTo(this.#target);
  }

  /** Starts the target; a second call waits for the first. Failures become target state. */
  start(): Promise<void> {
    this.#started ??= this.#startTarget();
    return this.#started;
  }

  /** One window or command line; it leaves by itself when its transport closes. `listeners` hear what it caused, without being a client themselves. */
  attach(transport: Transport, listeners: ClientListeners = {}): void {
    if (this.#closing) {
      transport.close();
      return;
    }
    this.#clients.add(new Client(transport, this.#desk, listeners));
  }

  /** Calls back each time an agent has answered hello and, on a fresh target, the start policy was asked for. */
  onLive(listener: () => void): Unsubscribe {
    return this.#live.add(listener);
  }

  /** Finds out whether the agent still answers, as after the machine has slept. One that does not is let go, and everybody is told. */
  async checkAgent(limitMs = signOfLifeMs): Promise<void> {
    if (await this.#link.check(limitMs)) return;
    if (this.#targetEvent?.phase === 'live') {
      this.#showTarget({ ...this.#targetEvent, phase: 'connecting', step: 'The agent gave no sign of life; waiting for the next one' });
    }
    const text = `The agent gave no sign of life within ${limitMs / 1000} s; its pipe was closed, and the next agent is waited for. If none comes, restart the target.`;
    this.#intake.event({ type: 'notice', severity: 'warning', code: 'agent-silent', text });
  }

  /** Records from here on; `fromStart` begins with what was kept. The error is a sentence. */
  record(asked: Omit<Arguments<'record'>, 'on'>): Result<void, Refusal> {
    return this.#recordings.record(asked);
  }

  /** Opens the recording at an absolute path in the place of the target, for whoever chose a file on this machine. One that cannot be read becomes target state. */
  openRecording(path: string): Promise<void> {
    return this.#changeTarget({ kind: 'recording', path });
  }

  /** Windows and command lines that are attached now. */
  get clientCount(): number {
    return this.#clients.size;
  }

  /** Ends the target and every client. Calling it again waits for the same end. */
  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #end(): Promise<void> {
    this.#link.close();
    await Promise.all([this.#stopTarget(), this.#terminals.end()]);
    await this.#recordings.stop();
    this.#machineDesk.close();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    for (const client of [...this.#clients]) client.close();
  }

  #listenTo(target: Target): Unsubscribe[] {
    return [
      target.onState((state) => this.#showTarget(state)),
      this.#labDesk.attach(target),
      target.onPipe((pipe) => {
        if (this.#closing) pipe.destroy();
        else void this.#link.take(pipe);
      }),
      target.onConsole((bytes) => {
        this.#kept.addConsole(bytes);
        this.#recordings.takeBulk({ stream: streams.console, payload: bytes });
        for (const client of this.#followers()) client.outbox.console(bytes);
      }),
      ...(target.replay
        ? [target.replay.onReplay((replay) => this.#showReplay(replay)), target.replay.onJump(() => this.#beginJump())]
        : []),
    ];
  }

  /** Ends the target and starts another in its place. One that cannot be made leaves the old one ended and says why. */
  #changeTarget(choice: ChosenTarget): Promise<void> {
    return this.#afterwards('The target cannot be had', async () => {
      if (this.#closing) return;
      if (choice.kind === 'recording') await this.#recordings.stop('A recording was opened in the place of what was recorded.');
      this.#link.close();
      await this.#target.stop();
      const next = this.#options.createTarget(choice);
      for (const unsubscribe of this.#unsubscribe) unsubscribe();
      this.#target = next;
      this.#kind = choice.kind;
      this.#unsubscribe = this.#listenTo(next);
      await this.#begin();
    });
  }

  #startTarget(): Promise<void> {
    return this.#afterwards('The target cannot start', () => this.#begin());
  }

  async #begin(): Promise<void> {
    if (this.#closing) return;
    this.#link.close();
    this.#link.expectFresh(this.#target.replay === undefined ? this.#kind : 'recording');
    this.#kept.clear();
    this.#replayEvent = null;
    this.#isJumping = false;
    await this.#target.start();
  }

  #stopTarget(): Promise<void> {
    return this.#afterwards('The target cannot be stopped', async () => {
      this.#link.close();
      await this.#target.stop();
    });
  }

  #afterwards(titleOfFailure: string, work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work).catch((error: unknown) => {
      const detail = error instanceof Error ? error.message : String(error);
      this.#failTarget(titleOfFailure, detail, 'Remove the cause and restart the target.');
    });
    return this.#work;
  }

  *#greeted(): Iterable<Client> {
    for (const client of [...this.#clients]) if (client.isGreeted) yield client;
  }

  /** Who is told what the agent tells as it comes. */
  #followers(): Iterable<Client> {
    return this.#isJumping ? [] : this.#greeted();
  }

  #tell(event: SessionEvent): void {
    for (const client of this.#greeted()) client.outbox.control(event);
  }

  #showTarget(state: TargetState): void {
    this.#targetEvent = { ...state, lastConsoleLines: [...state.lastConsoleLines], type: 'target' };
    this.#recordings.takeEvent(this.#targetEvent);
    this.#tell(this.#targetEvent);
  }

  #showReplay(replay: EventOf<'replay'>): void {
    const isMoved = this.#replayEvent?.jump === replay.jump;
    this.#replayEvent = replay;
    if (this.#isJumping) return;
    const { marks: _, ...position } = replay;
    this.#tell(isMoved ? position : replay);
  }

  #beginJump(): void {
    this.#isJumping = true;
    this.#link.close();
    this.#kept.forget();
  }

  /** The state of the new instant is whole: windows drop what they had, and are told everything. */
  #endJump(): void {
    if (!this.#isJumping) return;
    this.#isJumping = false;
    for (const client of this.#greeted()) {
      const { outbox } = client;
      outbox.forgetWaiting();
      if (this.#replayEvent) outbox.control(this.#replayEvent);
      this.#kept.replay(outbox);
      this.#traceDesk.replay(client);
    }
  }

  #failTarget(title: string, detail: string, remedy: string): void {
    if (!this.#targetEvent) return;
    const { type: _, ...state } = this.#targetEvent;
    this.#showTarget({ ...state, phase: 'failed', step: title, reason: { title, detail, remedy } });
  }

  #helloRefused({ message, remedy = `Restart the target; if that does not help, run \`${buildCommand()}\`.` }: Refusal): void {
    this.#link.close();
    this.#failTarget('The agent cannot be used', message, remedy);
  }

  #greet(client: Client, { protocol }: Arguments<'hello'>): Result<void, Refusal> {
    // A second hello is a new page: what the one before wanted is over.
    this.#letGo(client);
    return protocol === protocolVersion ? ok(undefined) : err(protocolMismatch(protocol));
  }

  #letGo(client: Client): void {
    for (const desk of [this.#watchDesk, this.#observeDesk, this.#sampleDesk, this.#traceDesk]) desk.leave(client);
    this.#terminals.leave(client.outbox);
  }

  #welcome({ outbox }: Client): void {
    outbox.control({
      type: 'session',
      application: this.#options.applicationVersion,
      protocol: protocolVersion,
      startedUnixMs: this.#startedUnixMs,
      logCapacity,
      sampleCapacity,
    });
    if (this.#targetEvent) outbox.control(this.#targetEvent);
    if (this.#recordings.event) outbox.control(this.#recordings.event);
    if (this.#replayEvent) outbox.control(this.#replayEvent);
    this.#kept.replay(outbox);
    if (this.#labDesk.event) outbox.control(this.#labDesk.event);
    outbox.control(this.#terminals.event);
    this.#machineDesk.replay(outbox);
  }

  async #serve(client: Client, request: CheckedRequest): Promise<Result<void, Refusal>> {
    switch (request.verb) {
      case 'hello':
      case 'acknowledge':
        // The client's own business: they never come here.
        return ok(undefined);
      case 'watch':
        return this.#watchDesk.watch(client, request.arguments);
      case 'observe':
        return this.#observeDesk.observe(client, request.arguments);
      case 'sample':
        return this.#sampleDesk.sample(client, request.arguments);
      case 'trace':
        return this.#traceDesk.trace(client, request.arguments);
      case 'read':
        return this.#watchDesk.read(client, request.arguments);
      case 'restart-target':
        void this.#startTarget();
        return ok(undefined);
      case 'stop-target':
        void this.#stopTarget();
        return ok(undefined);
      case 'choose-target':
        void this.#changeTarget(request.arguments.target);
        return ok(undefined);
      case 'doctor':
        return this.#machineDesk.doctor();
      case 'build-module':
        return this.#machineDesk.build();
      case 'console-write':
        this.#target.writeConsole(request.arguments.text);
        return ok(undefined);
      case 'lab-link':
      case 'lab-unplug':
      case 'lab-plug':
        return this.#labDesk.serve(request);
      case 'terminal-open':
        return this.#terminals.open(request.arguments);
      case 'terminal-attach':
        return this.#terminals.attach(client.outbox, request.arguments);
      case 'terminal-write':
        return this.#terminals.write(request.arguments);
      case 'terminal-resize':
        return this.#terminals.resize(request.arguments);
      case 'terminal-acknowledge':
        return this.#terminals.acknowledge(client.outbox, request.arguments);
      case 'terminal-close':
        return this.#terminals.close(request.arguments);
      case 'record':
      case 'list-recordings':
      case 'delete-recording':
      case 'record-always':
        return this.#recordings.serve(request);
      case 'export-recording':
        return this.#recordings.serve(request, (exported) => client.listeners.onExported?.(exported));
      case 'replay':
        return this.#target.replay?.request(request.arguments) ? ok(undefined) : err(nothingToReplay);
      default:
        return this.#link.request(request.verb, request.arguments);
    }
  }
}
