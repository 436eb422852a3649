// What the session has told the command line so far, and waiting until it has told something.
import { type Frame, streams } from '#common/frame.ts';
import { type LogRecord, readLogBatch } from '#common/layouts/log-batch.ts';
import { readSample, type Sample } from '#common/layouts/sample.ts';
import { type RingSnapshot, readRingSnapshot } from '#common/layouts/snapshot.ts';
import type { EventOf, SessionEvent } from '#common/protocol.ts';
import type { Unsubscribe } from '#common/transport.ts';
import { Listeners } from '../agent/listeners.ts';
import type { SessionConnection } from './session-connection.ts';

/** A sample with the table that names its rows. */
export interface NamedSample {
  readonly sample: Sample;
  readonly table: EventOf<'table'>;
}

/** Collects everything of one connection. */
export class Collected {
  readonly #events = new Map<SessionEvent['type'], SessionEvent>();
  readonly #dropped = new Map<number, number>();
  readonly #changes = new Listeners<void>();
  readonly #end: (cause: Error) => void;
  readonly #ended: Promise<never>;
  readonly rings = new Map<string, RingSnapshot>();
  readonly records: LogRecord[] = [];
  newestSample: NamedSample | null = null;
  #lost = 0;

  constructor(connection: SessionConnection) {
    let end: (cause: Error) => void = () => undefined;
    this.#ended = new Promise<never>((_, reject) => {
      end = reject;
    });
    this.#end = end;
    // An end that nobody waits for is nobody's failure.
    this.#ended.catch(() => undefined);
    connection.onEvent((event) => this.#takeEvent(event));
    connection.onBulk((frame) => this.#takeFrame(frame));
    connection.onFault(() => {
      this.#lost += 1;
    });
    connection.onEnd(() => this.#end(new Error('The session ended before everything had arrived.')));
  }

  /** The newest event of a type. */
  event<T extends SessionEvent['type']>(type: T): EventOf<T> | null {
    return (this.#events.get(type) as EventOf<T> | undefined) ?? null;
  }

  /** Log records and frames that did not arrive, as far as anyone on the way has told. */
  get dropped(): number {
    let sum = this.#lost;
    for (const count of this.#dropped.values()) sum += count;
    return sum;
  }

  /** Ends every waiting with this cause. */
  abort(cause: Error): void {
    this.#end(cause);
  }

  /** Waits until `find` gives something, looking anew at everything that arrives. Throws with `failure` after `limitMs` unless that is infinite, and whatever `find` throws. */
  async until<T>(find: () => T | null, limitMs: number, failure: string): Promise<T> {
    let unsubscribe: Unsubscribe = () => undefined;
    let limit: NodeJS.Timeout | undefined;
    const found = new Promise<T>((resolve, reject) => {
      if (Number.isFinite(limitMs)) limit = setTimeout(() => reject(new Error(failure)), limitMs);
      const look = () => {
        try {
          const value = find();
          if (value !== null) resolve(value);
        } catch (error) {
          reject(error as Error);
        }
      };
      unsubscribe = this.#changes.add(look);
      look();
    });
    try {
      return await Promise.race([found, this.#ended]);
    } finally {
      clearTimeout(limit);
      unsubscribe();
    }
  }

  /** Waits this long, unless the session ends first. */
  async pause(durationMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, durationMs);
    });
    try {
      await Promise.race([over, this.#ended]);
    } finally {
      clearTimeout(timer);
    }
  }

  #takeEvent(event: SessionEvent): void {
    this.#events.set(event.type, event);
    if (event.type === 'dropped') this.#dropped.set(event.stream, event.frames + event.records);
    this.#changes.call();
  }

  #takeFrame({ stream, payload }: Frame): void {
    if (stream === streams.log) {
      const batch = readLogBatch(payload);
      if (!batch.ok) this.#lost += 1;
      else {
        this.#lost += Number(batch.value.lostRecords);
        this.records.push(...batch.value.records);
      }
    } else if (stream === streams.sample) {
      const sample = readSample(payload);
      const table = this.event('table');
      if (!sample.ok) this.#lost += 1;
      else if (table && table.tableId === sample.value.tableId) this.newestSample = { sample: sample.value, table };
    } else if (stream === streams.ring) {
      const ring = readRingSnapshot(payload);
      if (!ring.ok) this.#lost += 1;
      else this.rings.set(`${ring.value.device} ${ring.value.kind} ${ring.value.index}`, ring.value);
    }
    this.#changes.call();
  }
}
