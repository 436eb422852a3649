// What the session keeps, so that a window opened late (or reloaded) sees what the others see.
import { streams } from '#common/frame.ts';
import type { AgentEvent, EventOf } from '#common/protocol.ts';
import { batchEnd, joinBatch, type RawBatch, type RawRecord } from './log-records.ts';
import type { NewestStream, Outbox } from './outbox.ts';

/** How many log records are kept. */
export const logCapacity = 20_000;

/** How many samples are kept: a minute at 10 Hz. */
export const sampleCapacity = 600;

const consoleCapacityBytes = 65_536;

interface KeptSample {
  readonly payload: Uint8Array;
  readonly table: EventOf<'table'> | null;
}

/** Bounded: the newest event of each type, the log, the last minute of samples with their tables, the newest snapshot of each thing, the console's tail. */
export class Kept {
  readonly #events = new Map<AgentEvent['type'], AgentEvent>();
  readonly #snapshots = new Map<string, { stream: NewestStream; payload: Uint8Array }>();
  #table: EventOf<'table'> | null = null;
  #records: RawRecord[] = [];
  #lostRecords = 0n;
  #samples: KeptSample[] = [];
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
  }

  event<T extends AgentEvent['type']>(type: T): EventOf<T> | null {
    return (this.#events.get(type) as EventOf<T> | undefined) ?? null;
  }

  addEvent(event: AgentEvent): void {
    if (event.type === 'table') this.#table = event;
    this.#events.set(event.type, event);
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

  /** Tells a client everything, in the order that the wire's page names. */
  replay(outbox: Outbox): void {
    for (const event of this.#events.values()) outbox.control(event);
    this.#replayLog(outbox);
    this.#replaySamples(outbox);
    for (const { stream, payload } of this.#snapshots.values()) outbox.history(stream, payload);
    if (this.#consoleBytes > 0) outbox.history(streams.console, Buffer.concat(this.#console));
  }

  #replayLog(outbox: Outbox): void {
    const records = this.#records.slice(-logCapacity);
    let lostRecords = this.#lostRecords;
    for (let start = 0; start < records.length; ) {
      const end = batchEnd(records, start);
      outbox.history(streams.log, joinBatch(records.slice(start, end), lostRecords));
      lostRecords = 0n;
      start = end;
    }
  }

  #replaySamples(outbox: Outbox): void {
    let told = this.#table;
    for (const { payload, table } of this.#samples.slice(-sampleCapacity)) {
      if (table && table !== told) outbox.control(table);
      told = table ?? told;
      outbox.history(streams.sample, payload);
    }
    if (this.#table && told !== this.#table) outbox.control(this.#table);
  }
}
