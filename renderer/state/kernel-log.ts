// The kept kernel log, bounded, with rows where records were lost.
import type { LogBatch, LogRecord } from '#common/layouts/log-batch.ts';
import type { FrameLoop } from './frame-loop.ts';
import { Source } from './source.ts';

/** A row of the log: a record, or a hole of so many. `number` never changes, whatever is cut off at the front. */
export type LogRow =
  | { readonly type: 'record'; readonly number: number; readonly record: LogRecord }
  | { readonly type: 'lost'; readonly number: number; readonly records: number; readonly reason: string };

/** Rows that are kept. */
export const logCapacity = 100_000;

/** Kept rows in order. */
export class KernelLog extends Source {
  #rows: LogRow[] = [];
  #nextNumber = 0;
  #lastSequence: bigint | null = null;
  readonly #capacity: number;

  constructor(loop: FrameLoop, capacity = logCapacity) {
    super(loop);
    this.#capacity = capacity;
  }

  /** All kept rows, oldest first. Valid until the next batch. */
  get rows(): readonly LogRow[] {
    return this.#rows;
  }

  /** Takes a batch. Records that are kept already are skipped: a new connection begins with the session's whole log. `onNew` hears of each that is not. */
  add({ lostRecords, records }: LogBatch, onNew?: (record: LogRecord) => void): void {
    if (lostRecords > 0n) this.#lost(Number(lostRecords), 'overwritten in the kernel before they could be read');
    for (const record of records) {
      if (this.#lastSequence !== null && record.sequence <= this.#lastSequence) continue;
      this.#lastSequence = record.sequence;
      this.#push({ type: 'record', number: this.#nextNumber, record });
      onNew?.(record);
    }
    this.#trim();
    this.changed();
  }

  /** Notes records that this window did not get. */
  missed(records: number): void {
    if (records === 0) return;
    this.#lost(records, 'left out because this window painted too slowly');
    this.changed();
  }

  /** Begins anew: the target booted again and counts its records from the start. */
  clear(): void {
    this.#rows = [];
    this.#lastSequence = null;
    this.changed();
  }

  #lost(records: number, reason: string): void {
    this.#push({ type: 'lost', number: this.#nextNumber, records, reason });
  }

  #push(row: LogRow): void {
    this.#rows.push(row);
    this.#nextNumber += 1;
  }

  #trim(): void {
    // Cut a tenth at once: moving a hundred thousand rows for each new one would cost more than the rows.
    if (this.#rows.length > this.#capacity * 1.1) this.#rows = this.#rows.slice(-this.#capacity);
  }
}
