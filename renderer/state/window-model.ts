// Everything that the window knows and can ask, in one place: the connection feeds the stores, panels read them, commands go out.
import { lostRecords } from '#common/alerts/fact-feed.ts';
import { streams } from '#common/frame.ts';
import { readBufferSnapshot } from '#common/layouts/buffer.ts';
import { readSample } from '#common/layouts/sample.ts';
import { readRegistersSnapshot, readRingSnapshot, readVectorsSnapshot } from '#common/layouts/snapshot.ts';
import { openTraceBatch } from '#common/layouts/trace-batch.ts';
import type { Arguments, EventOf, Refusal, SessionEvent, Verb } from '#common/protocol.ts';
import type { BulkFrame, LinkClient } from '../link/client.ts';
import { Connection } from '../link/connection.ts';
import type { Dial } from '../link/dialling.ts';
import { Traces } from '../link/traces.ts';
import { Watches } from '../link/watches.ts';
import type { XtermScreen } from '../panels/terminal/xterm-screen.ts';
import { AlertDesk } from './alert-desk.ts';
import { alertMarks } from './alert-marks.ts';
import { AutopsyDesk } from './autopsy-desk.ts';
import { BufferDesk } from './buffer-desk.ts';
import { takeEventFacts } from './event-facts.ts';
import { type FrameClock, FrameLoop } from './frame-loop.ts';
import { KernelLog } from './kernel-log.ts';
import { LabBench } from './lab-bench.ts';
import { createLayoutStore, type LayoutStore } from './layout-store.ts';
import { ObservationHistory } from './observation-history.ts';
import { ObserverThrottle } from './observer-throttle.ts';
import { QueueFrames } from './queue-frames.ts';
import { QueueHistory } from './queue-history.ts';
import { RegisterTracker } from './register-tracker.ts';
import { createRegisterView, type RegisterViewStore } from './register-view.ts';
import { ReportDesk } from './report-desk.ts';
import { RingTracker } from './ring-tracker.ts';
import { SampleHistory } from './sample-history.ts';
import { applyEvent, createSessionStore, isLive, type SessionStore, tell } from './session-store.ts';
import { Standstill } from './standstill.ts';
import { Terminals } from './terminals.ts';
import { createTimeStore, type TimeStore } from './time-store.ts';
import { TimelineMarks } from './timeline-marks.ts';
import { TraceEvents } from './trace-events.ts';
import { VectorHistory } from './vector-history.ts';
import { VectorTracker } from './vector-tracker.ts';
import { Workbench } from './workbench.ts';

/** What a model is made of. */
export interface WindowModelParts {
  readonly dial: Dial;
  readonly clock: FrameClock;
  readonly application: string;
  readonly keptLayout: string | null;
  later(run: () => void, delayMs: number): void;
}

/** The window without its pixels. */
export class WindowModel {
  readonly session: SessionStore = createSessionStore();
  readonly layout: LayoutStore;
  readonly time: TimeStore = createTimeStore();
  readonly loop: FrameLoop;
  readonly history: SampleHistory;
  readonly observationHistory: ObservationHistory;
  readonly standstill: Standstill;
  readonly marks: TimelineMarks;
  readonly log: KernelLog;
  readonly rings: RingTracker;
  readonly vectors: VectorTracker;
  readonly registers: RegisterTracker;
  readonly registerView: RegisterViewStore = createRegisterView();
  readonly queues: QueueHistory;
  readonly traceEvents: TraceEvents;
  /** The trace events that panels want, once somebody has switched them on. */
  readonly traces = new Traces();
  readonly vectorHistory: VectorHistory;
  readonly queueFrames: QueueFrames;
  readonly watches: Watches;
  readonly terminals: Terminals<XtermScreen>;
  /** Devices that are observed, whoever drives them. */
  readonly observed: Watches;
  readonly alerts: AlertDesk;
  readonly autopsies: AutopsyDesk;
  readonly report: ReportDesk = new ReportDesk(this);
  readonly buffers = new BufferDesk((verb, args) => this.request(verb, args));
  readonly labBench: LabBench = new LabBench(this);
  readonly workbench = new Workbench();
  readonly throttle = new ObserverThrottle({
    slowTo: (scale) => {
      this.watches.slowTo(scale);
      this.observed.slowTo(scale);
    },
    // Refused only by an agent that is gone: the next one starts at the full rate.
    sample: (hz) => void this.request('sample', { hz }),
  });
  readonly #connection: Connection;
  #bootTime: string | null = null;
  #droppedRecords = 0;
  #droppedTraceEvents = 0;
  #served: LinkClient | null = null;
  #observedBy: LinkClient | null = null;

  constructor({ dial, clock, application, keptLayout, later }: WindowModelParts) {
    this.layout = createLayoutStore(keptLayout);
    this.loop = new FrameLoop(clock);
    this.history = new SampleHistory(this.loop);
    this.observationHistory = new ObservationHistory(this.loop);
    this.standstill = new Standstill(this);
    this.marks = new TimelineMarks(this.loop);
    this.log = new KernelLog(this.loop);
    this.rings = new RingTracker(this.loop);
    this.vectors = new VectorTracker(this.loop);
    this.registers = new RegisterTracker(this.loop);
    this.queues = new QueueHistory(this.loop, this.session);
    this.traceEvents = new TraceEvents(this.loop);
    this.vectorHistory = new VectorHistory(this.loop);
    this.queueFrames = new QueueFrames(this.loop);
    const onFault = (key: string, refusal: Refusal | null) =>
      this.session.setState(({ watchFaults }) => {
        const { [key]: _, ...others } = watchFaults;
        return { watchFaults: refusal ? { ...others, [key]: refusal } : others };
      });
    this.watches = new Watches(onFault);
    this.observed = new Watches(onFault);
    this.alerts = new AlertDesk({
      loop: this.loop,
      watches: this.watches,
      later,
      now: () => performance.now(),
      isTimePassing: () => isLive(this.session.getState()) && this.session.getState().replay === null,
    });
    this.autopsies = new AutopsyDesk({
      alerts: this.alerts,
      read: (device, what) => this.request('read', { device, what }),
      hello: () => this.session.getState().hello,
    });
    this.alerts.store.subscribe((state, before) => {
      if (state.alerts !== before.alerts) this.marks.set('alerts', alertMarks(state));
    });
    this.terminals = new Terminals((verb, args) => void this.#connection.client?.request(verb, args));
    this.#connection = new Connection({
      dial,
      application,
      later,
      onState: (connection) => {
        this.session.setState({ connection });
        if (connection.name === 'open') return;
        this.#serve(null);
        this.#observeBy(null);
      },
      onOpen: () => this.#serveWhenLive(),
      listener: {
        onEvent: (event) => this.#take(event),
        onBulk: (frame) => this.#takeBulk(frame),
        onFault: ({ name, text }) => {
          tell(this.session, { severity: 'warning', title: `Wire error: ${name}`, detail: text });
          this.alerts.take({ kind: 'gap', count: 1, what: name, text });
        },
      },
    });
  }

  /** Connects, and stays connected. */
  start(): void {
    void this.#connection.start();
  }

  /** Asks for something; a refusal is shown until somebody dismisses it. What changes comes back as an event. */
  async ask<V extends Verb>(verb: V, args: Arguments<V>): Promise<boolean> {
    const refusal = await this.request(verb, args);
    if (refusal) tell(this.session, { severity: 'error', title: refusal.message, detail: refusal.remedy ?? '' });
    return refusal === null;
  }

  /** Asks for something whose refusal the asker shows by itself; null when it was accepted. */
  async request<V extends Verb>(verb: V, args: Arguments<V>): Promise<Refusal | null> {
    const client = this.#connection.client;
    if (!client)
      return { code: 'failed', message: 'Not connected', remedy: 'Wait until the window is connected again, then try once more.' };
    const answer = await client.request(verb, args);
    return answer.ok ? null : answer.error;
  }

  /** Opens a shell and shows it. */
  async openShell(): Promise<void> {
    if (this.workbench.store.getState().open.includes('terminal')) this.workbench.show('terminal');
    else this.layout.setState({ view: 'terminal' });
    if (!(await this.ask('terminal-open', this.terminals.store.getState().size))) return;
    const newest = this.terminals.store.getState().event?.terminals.at(-1);
    if (newest) this.terminals.store.setState({ chosen: newest.id });
  }

  #take(event: SessionEvent): void {
    if (event.type === 'hello') {
      this.#newBoot(event.bootTimeUnixNs);
      this.buffers.forget();
      this.throttle.restart();
    }
    if (event.type === 'session') {
      this.#droppedRecords = 0;
      this.#droppedTraceEvents = 0;
      this.terminals.greeted();
    }
    if (event.type === 'terminal') this.terminals.take(event);
    if (event.type === 'replay') this.#takeReplay(event);
    if (event.type === 'table') this.history.setTable(event);
    if (event.type === 'cost' && !this.session.getState().replay)
      this.throttle.take(event, this.layout.getState().budgetPercent, performance.now() / 1000);
    if (event.type === 'observation') this.observationHistory.add(event);
    this.marks.takeEvent(event, this.history.series.newestSeconds);
    if (event.type === 'table') this.vectorHistory.setTable(event);
    if (event.type === 'observation') this.queueFrames.add(event);
    if (event.type === 'dropped' && event.stream === streams.log) {
      this.log.missed(event.records - this.#droppedRecords);
      this.#droppedRecords = event.records;
    }
    if (event.type === 'dropped' && event.stream === streams.trace) {
      this.traceEvents.missed(event.records - this.#droppedTraceEvents);
      this.#droppedTraceEvents = event.records;
    }
    if (event.type === 'devices' && !event.devices.some((device) => device.rings.length > 0)) this.rings.clear();
    applyEvent(this.session, event);
    takeEventFacts(this.alerts, event);
    if (event.type === 'target' || event.type === 'devices') this.#serveWhenLive();
  }

  #newBoot(bootTime: string): void {
    if (this.#bootTime !== null && this.#bootTime !== bootTime) {
      this.#forget();
      this.standstill.forget();
    }
    this.#bootTime = bootTime;
  }

  #forget(): void {
    this.log.clear();
    this.history.clear();
    this.observationHistory.clear();
    this.marks.clear();
    this.rings.clear();
    this.vectors.clear();
    this.alerts.take({ kind: 'restart' });
    this.registers.clear();
    this.queues.clear();
    this.traceEvents.clear();
    this.vectorHistory.clear();
    this.queueFrames.clear();
  }

  /** A recording jumps: everything is told anew, so that nothing of another instant may be left. */
  #takeReplay({ jump, name }: EventOf<'replay'>): void {
    const before = this.session.getState().replay;
    if (before?.jump === jump && before.name === name) return;
    this.#forget();
    this.session.setState({ traffic: null, cost: null });
  }

  /** Watches are asked for only while somebody can answer: the target is live and a driver offers rings. */
  #serveWhenLive(): void {
    const state = this.session.getState();
    this.traces.setFree(state.target?.kind === 'recording');
    const offers = state.devices?.some((device) => device.rings.length > 0) ?? false;
    this.#serve(isLive(state) && offers ? this.#connection.client : null);
    this.#observeBy(isLive(state) ? this.#connection.client : null);
  }

  #observeBy(client: LinkClient | null): void {
    if (client === this.#observedBy) return;
    this.#observedBy = client;
    this.observed.serveBy(client && (({ device, hz }) => client.request('observe', { device, hz })));
  }

  #serve(client: LinkClient | null): void {
    if (client === this.#served) return;
    this.#served = client;
    this.watches.serveBy(client && ((watch) => client.request('watch', watch)));
    this.traces.serveBy(client && ((trace) => client.request('trace', trace)));
  }

  #takeBulk({ stream, sequence, payload }: BulkFrame): void {
    // Terminals have their own pace: what xterm has shown, painted or not.
    if (stream === streams.console) {
      const acknowledge = () => this.#connection.client?.acknowledge(stream, sequence);
      if (this.terminals.takeConsole(payload, acknowledge)) return;
    }
    const fault = this.#decode(stream, payload);
    if (fault !== null) tell(this.session, { severity: 'warning', title: 'Wire error: bad-record', detail: fault });
    if (stream === streams.terminal) return;
    this.loop.afterNextPaint(() => this.#connection.client?.acknowledge(stream as never, sequence));
  }

  /** Hands the rows from this number on to whoever looks for trouble in them. */
  #judgeLog(from: number): void {
    for (let number = from; number < this.log.endNumber; number += 1) {
      const row = this.log.row(number);
      if (row?.type === 'record') this.alerts.take({ kind: 'log', record: row });
      // What is missing before the first record was never this window's.
      else if (row && number > 0) this.alerts.take(lostRecords(row.records));
    }
  }

  #decode(stream: number, payload: Uint8Array): string | null {
    if (stream === streams.log) {
      const { endNumber } = this.log;
      const added = this.log.addPayload(payload);
      if (!added.ok) return added.error;
      this.marks.takeLog(payload);
      this.#judgeLog(endNumber);
    } else if (stream === streams.sample) {
      const sample = readSample(payload);
      if (!sample.ok) return sample.error;
      const { table } = this.history;
      if (this.history.add(sample.value) && table) this.alerts.take({ kind: 'sample', sample: sample.value, table });
      this.vectorHistory.add(sample.value);
    } else if (stream === streams.ring) {
      const ring = readRingSnapshot(payload);
      if (!ring.ok) return ring.error;
      this.rings.add(ring.value);
      this.queues.addRing(ring.value);
      this.alerts.take({ kind: 'ring', ring: ring.value });
    } else if (stream === streams.registers) {
      const registers = readRegistersSnapshot(payload);
      if (!registers.ok) return registers.error;
      this.registers.add(registers.value);
      this.autopsies.takeRegisters(registers.value);
    } else if (stream === streams.terminal) {
      return this.terminals.takeOutput(payload);
    } else if (stream === streams.trace) {
      const batch = openTraceBatch(payload);
      if (!batch.ok) return batch.error;
      this.traceEvents.add(batch.value);
    } else if (stream === streams.buffer) {
      const buffer = readBufferSnapshot(payload);
      if (!buffer.ok) return buffer.error;
      this.buffers.take(buffer.value);
    } else if (stream === streams.vectors) {
      const vectors = readVectorsSnapshot(payload);
      if (!vectors.ok) return vectors.error;
      this.vectors.add(vectors.value);
      this.alerts.take({ kind: 'vectors', vectors: vectors.value });
      this.queues.addVectors(vectors.value);
    }
    return null;
  }
}
