// What the session keeps, so that a window opened late (or reloaded) sees what the others see.
import { streams } from '#common/frame.ts';
import type { AgentEvent, EventOf } from '#common/protocol.ts';
import { eventKey } from './event-key.ts';
import { KeptLog } from './kept-log.ts';
import type { RawBatch } from './log-records.ts';
import type { NewestStream, Outbox } from './outbox.ts';
import { type RawTrace, TraceTail } from './trace-batches.ts';

/** How many samples are kept: a minute at 10 Hz. */
export const sampleCapacity = 600;

/** How much of the console is kept. */
export const consoleCapacityBytes = 65_536;

/** Something kept: an event, or a payload of a bulk stream. */
export type KeptItem =
  | { readonly type: 'event'; readonly event: AgentEvent }
  | {
      readonly type: 'bulk';
      readonly stream: NewestStream | typeof streams.log | typeof streams.console | typeof streams.trace;
      readonly payload: Uint8Array;
    };

interface KeptSample {
  readonly payload: Uint8Array;
  readonly table: EventOf<'table'> | null;
}

/** Bounded: the newest event of each type (of observations, of each device), the log, the last minute of samples with their tables, the newest snapshot of each thing, the newest trace events, the console's tail. */
export class Kept {
  readonly #events = new Map<string, AgentEvent>();
  readonly #snapshots = new Map<string, { stream: NewestStream; payload: Uint8Array }>();
  #table: EventOf<'table'> | null = null;
  readonly #log = new KeptLog();
  #samples: KeptSample[] = [];
  #traces = new TraceTail();
  #console: Uint8Array[] = [];
  #consoleBytes = 0;

  /** Forgets everything but the console: another kernel runs. */
  clear(): void {
    this.#events.clear();
    this.#snapshots.clear();
    this.#table = null;
    this.#log.clear();
    this.#samples = [];
    this.#traces = new TraceTail();
  }

  event<T extends AgentEvent['type']>(type: T): EventOf<T> | null {
    return (this.#events.get(type) as EventOf<T> | undefined) ?? null;
  }

  addEvent(event: AgentEvent): void {
    if (event.type === 'table') this.#table = event;
    this.#events.set(eventKey(event), event);
  }

  /** Keeps what is new of a batch and returns it: an agent that was restarted tells the log from boot on once more. */
  addLog(batch: RawBatch): RawBatch {
    const { newest } = this.#log;
    const isRetold = newest !== null && (batch.records[0]?.sequence ?? newest + 1n) <= newest;
    if (!isRetold) {
      this.#log.add(batch);
      return batch;
    }
    const fresh = { records: batch.records.filter(({ sequence }) => sequence > newest), lostRecords: 0n };
    this.#log.add(fresh);
    return fresh;
  }

  addSample(payload: Uint8Array): void {
    this.#samples.push({ payload, table: this.#table });
    if (this.#samples.length > sampleCapacity * 1.25) this.#samples = this.#samples.slice(-sampleCapacity);
  }

  addTrace(trace: RawTrace): void {
    this.#traces.add(trace);
  }

  /** The kept trace batches of a device, oldest first. */
  traces(device: string): Uint8Array[] {
    return this.#traces.payloads(device);
  }

  addSnapshot(key: string, stream: NewestStream, payload: Uint8Array): void {
    this.#snapshots.set(key, { stream, payload });
  }

  dropSnapshot(key: string): void {
    this.#snapshots.delete(key);
  }

  addConsole(bytes: Uint8Array): void {
    this.#console.push(bytes);
    this.#consoleBytes += bytes.length;
    while (this.#consoleBytes > consoleCapacityBytes && this.#console.length > 1) this.#consoleBytes -= this.#console.shift()?.length ?? 0;
  }

  /** Forgets everything, the console too: another instant of a recording is shown. */
  forget(): void {
    this.clear();
    this.#console = [];
    this.#consoleBytes = 0;
  }

  /** Tells a client everything but trace events, which go to who asks for them, in the order that the wire's page names. */
  replay(outbox: Outbox): void {
    for (const item of this.items()) {
      if (item.type === 'event') outbox.control(item.event);
      else if (item.stream !== streams.trace) outbox.history(item.stream, item.payload);
    }
  }

  /** Everything that is kept, in the order that the wire's page names. */
  *items(): Iterable<KeptItem> {
    for (const event of this.#events.values()) yield { type: 'event', event };
    for (const payload of this.#log.payloads()) yield { type: 'bulk', stream: streams.log, payload };
    yield* this.#sampleItems();
    for (const { stream, payload } of this.#snapshots.values()) yield { type: 'bulk', stream, payload };
    for (const payload of this.#traces.payloads(null)) yield { type: 'bulk', stream: streams.trace, payload };
    if (this.#consoleBytes > 0) yield { type: 'bulk', stream: streams.console, payload: Buffer.concat(this.#console) };
  }

  *#sampleItems(): Iterable<KeptItem> {
    let told = this.#table;
    for (const { payload, table } of this.#samples.slice(-sampleCapacity)) {
      if (table && table !== told) yield { type: 'event', event: table };
      told = table ?? told;
      yield { type: 'bulk', stream: streams.sample, payload };
    }
    if (this.#table && told !== this.#table) yield { type: 'event', event: this.#table };
  }
}
