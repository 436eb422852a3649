// What the session keeps, so that a window opened late (or reloaded) sees what the others see.
import { streams } from '#common/frame.ts';
import type { AgentEvent, EventOf } from '#common/protocol.ts';
import { eventKey } from './event-key.ts';
import { batchEnd, joinBatch, type RawBatch, type RawRecord } from './log-records.ts';
import type { NewestStream, Outbox } from './outbox.ts';
import { type RawTrace, TraceTail } from './trace-batches.ts';

/** How many log records are kept. */
export const logCapacity = 20_000;

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
  #records: RawRecord[] = [];
  #lostRecords = 0n;
  #samples: KeptSample[] = [];
  #traces = new TraceTail();
  #console: Uint8Array[] = [];
  #consoleBytes = 0;

  /** Forgets everything but the console: another kernel runs. */
  clear(): void {
    this.#events.clear();
    this.#snapshots.clear();
    this.#table = null;
    this.#records = [];
    this.#lostRecords = 0n;
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
    const newest = this.#records.at(-1)?.sequence;
    const isRetold = newest !== undefined && (batch.records[0]?.sequence ?? newest + 1n) <= newest;
    const records = isRetold ? batch.records.filter(({ sequence }) => sequence > newest) : batch.records;
    const lostRecords = isRetold ? 0n : batch.lostRecords;
    this.#records.push(...records);
    this.#lostRecords += lostRecords;
    // Trimmed now and then, not with every record: removing at the front moves all the others.
    if (this.#records.length > logCapacity * 1.25) this.#records = this.#records.slice(-logCapacity);
    return { records, lostRecords };
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
    yield* this.#logItems();
    yield* this.#sampleItems();
    for (const { stream, payload } of this.#snapshots.values()) yield { type: 'bulk', stream, payload };
    for (const payload of this.#traces.payloads(null)) yield { type: 'bulk', stream: streams.trace, payload };
    if (this.#consoleBytes > 0) yield { type: 'bulk', stream: streams.console, payload: Buffer.concat(this.#console) };
  }

  *#logItems(): Iterable<KeptItem> {
    const records = this.#records.slice(-logCapacity);
    let lostRecords = this.#lostRecords;
    for (let start = 0; start < records.length; ) {
      const end = batchEnd(records, start);
      yield { type: 'bulk', stream: streams.log, payload: joinBatch(records.slice(start, end), lostRecords) };
      lostRecords = 0n;
      start = end;
    }
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
