// The kept kernel log: bounded, in columns outside of React, with rows where records were lost and with the reports that the kernel wrote into it.
import { mayBegin, ReportScanner, type ReportSpan } from '#common/kernel-log/report-scanner.ts';
import { type LogBatch, type LogRecord, placeLogBatch } from '#common/layouts/log-batch.ts';
import { ok, type Result } from '#common/result.ts';
import { decodeUtf8, encodeUtf8 } from '#common/text.ts';
import type { FrameLoop } from './frame-loop.ts';
import { chunkRows, LogChunk, type LogRowColumns } from './log-chunk.ts';
import { type LogOrigin, LogOrigins } from './log-origins.ts';
import { Source } from './source.ts';

/** A row of the log: a record, or a hole of so many. `number` never changes, whatever is cut off at the front. */
export type LogRow = { readonly number: number; readonly timeUs: number } & (
  | ({ readonly type: 'record'; readonly report: number; readonly text: string } & LogOrigin &
      Pick<LogRecord, 'level' | 'facility' | 'isContinuation'>)
  | { readonly type: 'lost'; readonly records: number; readonly reason: string }
);

/** What is kept at most. */
export interface LogBounds {
  /** Rows; up to 4,095 more are kept, since whole chunks are cut off. */
  readonly rows: number;
  /** Bytes of text: lines far longer than usual fill the memory before the rows do. */
  readonly textBytes: number;
}

/** A million lines of 80 bytes fit; together with their columns they stay below 150 MB. */
export const logBounds: LogBounds = { rows: 1_000_000, textBytes: 112 * 1024 * 1024 };

interface Hole {
  readonly records: number;
  readonly reason: string;
}

/** A record as the ways in agree on it: its text as bytes in some array. */
interface Incoming extends Pick<LogRecord, 'level' | 'facility' | 'isContinuation'> {
  readonly sequence: number;
  readonly timeUs: number;
  readonly origin: number;
}

/** Kept rows in order, by number: `firstNumber` is the oldest, `endNumber` one behind the newest. */
export class KernelLog extends Source {
  readonly #bounds: LogBounds;
  #chunks: LogChunk[] = [];
  /** Number of the first chunk's first row divided by `chunkRows`. */
  #firstChunk = 0;
  #endNumber = 0;
  #textBytes = 0;
  #trimmedRows = 0;
  #earlierRecords = 0;
  #lastSequence: number | null = null;
  #announcedMissing = 0;
  #generation = 0;
  readonly #holes = new Map<number, Hole>();
  readonly #origins = new LogOrigins();
  readonly #scanner = new ReportScanner();

  constructor(loop: FrameLoop, bounds: LogBounds = logBounds) {
    super(loop);
    this.#bounds = bounds;
  }

  get bounds(): LogBounds {
    return this.#bounds;
  }
  get firstNumber(): number {
    return this.#firstChunk * chunkRows;
  }
  get endNumber(): number {
    return this.#endNumber;
  }
  /** Kept rows. */
  get length(): number {
    return this.#endNumber - this.firstNumber;
  }
  /** Bytes of text that the kept rows have. */
  get textBytes(): number {
    return this.#textBytes;
  }
  /** Rows that were cut off at the front because of the bounds. */
  get trimmedRows(): number {
    return this.#trimmedRows;
  }
  /** Records of this boot that the session did not keep any more when this window came. */
  get earlierRecords(): number {
    return this.#earlierRecords;
  }
  /** Counts up when the log begins anew. */
  get generation(): number {
    return this.#generation;
  }
  /** Devices and subsystems that were met, by number. */
  get origins(): readonly LogOrigin[] {
    return this.#origins.list;
  }
  /** The reports of which rows are kept, oldest first. */
  get reports(): readonly ReportSpan[] {
    return this.#scanner.reports;
  }

  report(id: number): ReportSpan | null {
    return this.#scanner.report(id);
  }

  /** Takes a payload of stream 1; the error says why it contradicts itself. Records that are kept already are skipped: a new connection begins with the session's whole log. */
  addPayload(payload: Uint8Array): Result<null, string> {
    const batch = placeLogBatch(payload);
    if (!batch.ok) return batch;
    this.#expectLost(batch.value.lostRecords);
    for (const record of batch.value.records) {
      if (this.#lastSequence !== null && record.sequence <= this.#lastSequence) continue;
      const { textAt, textBytes, deviceBytes, subsystemBytes } = record;
      const origin = this.#origins.numberOfBytes(payload, textAt + textBytes, deviceBytes, subsystemBytes);
      this.#record({ ...record, origin }, payload, textAt, textBytes);
    }
    this.#trim();
    this.changed();
    return ok(null);
  }

  /** The same with a batch that was read already. */
  add({ lostRecords, records }: LogBatch): void {
    this.#expectLost(Number(lostRecords));
    for (const record of records) {
      const sequence = Number(record.sequence);
      if (this.#lastSequence !== null && sequence <= this.#lastSequence) continue;
      const text = encodeUtf8(record.text);
      this.#record({ ...record, sequence, timeUs: Number(record.timeUs), origin: this.#origins.numberOf(record) }, text, 0, text.length);
    }
    this.#trim();
    this.changed();
  }

  /** Notes records that this window did not get. */
  missed(records: number): void {
    if (records <= 0) return;
    this.#announcedMissing += records;
    this.#lost(records, 'left out because this window painted too slowly');
    this.changed();
  }

  /** Begins anew: the target booted again and counts its records from the start. Numbers of rows go on. */
  clear(): void {
    this.#firstChunk = Math.ceil(this.#endNumber / chunkRows);
    this.#endNumber = this.firstNumber;
    this.#chunks = [];
    this.#textBytes = 0;
    this.#trimmedRows = 0;
    this.#earlierRecords = 0;
    this.#lastSequence = null;
    this.#announcedMissing = 0;
    this.#holes.clear();
    this.#scanner.clear();
    this.#generation += 1;
    this.changed();
  }

  /** A row in words; null when it is not kept. */
  row(number: number): LogRow | null {
    const chunk = this.chunkOf(number);
    if (!chunk) return null;
    const at = number % chunkRows;
    const timeUs = chunk.timeUs[at] ?? 0;
    const hole = this.#holes.get(number);
    if (hole) return { type: 'lost', number, timeUs, ...hole };
    return {
      type: 'record',
      number,
      timeUs,
      level: chunk.level(at),
      facility: chunk.facility(at),
      isContinuation: chunk.isContinuation(at),
      report: chunk.report[at] ?? 0,
      text: decodeUtf8(chunk.text(at)),
      ...(this.#origins.list[chunk.origin[at] ?? 0] ?? { device: '', subsystem: '' }),
    };
  }

  /** The columns of the chunk that holds a row, for who goes through thousands; its place there is `number % chunkRows`. */
  chunkOf(number: number): LogChunk | null {
    if (number < this.firstNumber || number >= this.#endNumber) return null;
    return this.#chunks[Math.floor(number / chunkRows) - this.#firstChunk] ?? null;
  }

  /** Microseconds since boot of a row; NaN when it is not kept. */
  timeUs(number: number): number {
    return this.chunkOf(number)?.timeUs[number % chunkRows] ?? Number.NaN;
  }

  /** How many kept rows are later than an instant. */
  rowsAfter(seconds: number): number {
    let [low, high] = [this.firstNumber, this.#endNumber];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.timeUs(middle) / 1e6 <= seconds) low = middle + 1;
      else high = middle;
    }
    return this.#endNumber - low;
  }

  #expectLost(records: number): void {
    if (records <= 0) return;
    this.#announcedMissing += records;
    this.#lost(records, 'overwritten in the kernel before they could be read');
  }

  #lost(records: number, reason: string): void {
    this.#holes.set(this.#endNumber, { records, reason });
    const timeUs = this.length > 0 ? this.timeUs(this.#endNumber - 1) : 0;
    const text = encodeUtf8(`${records} records, ${reason}`);
    this.#push({ timeUs, level: 0, facility: 0, isContinuation: false, origin: 0, report: 0, isLost: true }, text, 0, text.length);
  }

  #record(record: Incoming, bytes: Uint8Array, textAt: number, textBytes: number): void {
    // The kernel numbers its records without gaps: one that nobody announced is a loss all the same.
    const unexplained = record.sequence - ((this.#lastSequence ?? -1) + 1) - this.#announcedMissing;
    if (unexplained > 0 && this.#lastSequence !== null) this.#lost(unexplained, 'never reached this window');
    else if (unexplained > 0) this.#earlierRecords = unexplained;
    this.#announcedMissing = 0;
    this.#lastSequence = record.sequence;
    const { timeUs, level, facility, isContinuation, origin } = record;
    const report = this.#scan(record, bytes, textAt, textBytes);
    this.#push({ timeUs, level, facility, isContinuation, origin, report, isLost: false }, bytes, textAt, textBytes);
  }

  #scan({ timeUs, level, isContinuation }: Incoming, bytes: Uint8Array, textAt: number, textBytes: number): number {
    if (this.#scanner.isIdle && (textBytes < 2 || !mayBegin(bytes[textAt] ?? 0, bytes[textAt + 1] ?? 0))) return 0;
    const text = decodeUtf8(bytes.subarray(textAt, textAt + textBytes));
    return this.#scanner.push({ number: this.#endNumber, timeUs, level, isContinuation, text });
  }

  #push(row: LogRowColumns, bytes: Uint8Array, textAt: number, textBytes: number): void {
    let chunk = this.#chunks.at(-1);
    if (!chunk || chunk.isFull) {
      chunk = new LogChunk();
      this.#chunks.push(chunk);
    }
    chunk.push(row, bytes, textAt, textBytes);
    this.#textBytes += textBytes;
    this.#endNumber += 1;
  }

  /** Cuts whole chunks off: moving a million rows for each new one would cost more than the rows. */
  #trim(): void {
    let cut = 0;
    while (
      this.#chunks.length - cut > 1 &&
      (this.length - chunkRows * (cut + 1) >= this.#bounds.rows || this.#textBytes > this.#bounds.textBytes)
    ) {
      this.#textBytes -= this.#chunks[cut]?.textBytes ?? 0;
      cut += 1;
    }
    if (cut === 0) return;
    this.#chunks.splice(0, cut);
    this.#firstChunk += cut;
    this.#trimmedRows += cut * chunkRows;
    for (const number of this.#holes.keys()) {
      if (number >= this.firstNumber) break;
      this.#holes.delete(number);
    }
    this.#scanner.forgetBefore(this.firstNumber);
  }
}
