// Goes through rows of the log once, in slices between frames: what has no pattern is tested here, text is sent to the matcher.
import type { KernelLog } from '../../state/kernel-log.ts';
import { chunkRows, type LogChunk } from '../../state/log-chunk.ts';
import type { RowTexts } from './match-texts.ts';
import type { TextMatcher } from './text-matcher.ts';
import type { TextPattern } from './text-pattern.ts';

/** How long a slice may take of a frame. */
const sliceMs = 4;
/** Rows and bytes that go to the matcher at once. */
const matchedRows = 2048;
const matchedBytes = 512 * 1024;

/** How slices are spread; a test runs them at once. */
export interface SliceClock {
  now(): number;
  /** Runs after what the browser has to do in between. */
  soon(run: () => void): void;
}

/** The browser's clock. */
export const browserSlices: SliceClock = { now: () => performance.now(), soon: (run) => void setTimeout(run, 0) };

/** What is gone through. */
export interface ScanParts {
  readonly log: KernelLog;
  readonly matcher: TextMatcher;
  readonly clock: SliceClock;
  readonly pattern: TextPattern | null;
  /** The first row from this number on that is to be tested; its number, or a number that is not below `log.endNumber`. */
  next(from: number): number;
  /** Whether a chunk's row passes what needs no text. */
  isCandidate(chunk: LogChunk, at: number): boolean;
  /** Whether holes are taken whatever is looked for, or never. */
  readonly takesHoles: boolean;
  /** A row was found, in rising order, with the report that it belongs to. */
  found(number: number, report: number): void;
  /** Comes after each slice, and says whether the expression was too slow. */
  progressed(isTooSlow: boolean): void;
}

/** One way through the log; new rows are gone through by `pump`. */
export class RowScan {
  readonly #parts: ScanParts;
  #from: number;
  #isBusy = false;
  #isEnded = false;

  constructor(parts: ScanParts) {
    this.#parts = parts;
    this.#from = parts.log.firstNumber;
  }

  /** Everything that the log has was gone through. */
  get isDone(): boolean {
    return !this.#isBusy && this.#parts.next(Math.max(this.#from, this.#parts.log.firstNumber)) >= this.#parts.log.endNumber;
  }

  /** The share of the log that was gone through. */
  get progress(): number {
    const { firstNumber, length } = this.#parts.log;
    return length === 0 ? 1 : Math.max(0, Math.min(1, (this.#from - firstNumber) / length));
  }

  /** Nothing more comes of it. */
  end(): void {
    this.#isEnded = true;
  }

  /** Goes on, a slice at once and the rest later. */
  pump(): void {
    if (this.#isBusy || this.#isEnded) return;
    const { pattern } = this.#parts;
    if (pattern) this.#match(pattern);
    else this.#test();
  }

  #test(): void {
    const { log, clock, isCandidate, takesHoles, found, next, progressed } = this.#parts;
    const until = clock.now() + sliceMs;
    let number = next(Math.max(this.#from, log.firstNumber));
    let chunk: LogChunk | null = null;
    let chunkEnd = 0;
    while (number < log.endNumber) {
      if (number >= chunkEnd) {
        chunk = log.chunkOf(number);
        chunkEnd = (Math.floor(number / chunkRows) + 1) * chunkRows;
      }
      const at = number % chunkRows;
      if (chunk && (chunk.isLost(at) ? takesHoles : isCandidate(chunk, at))) found(number, chunk.report[at] ?? 0);
      number = next(number + 1);
      // Asking for the time costs more than a row does.
      if (number % 512 === 0 && clock.now() > until) break;
    }
    this.#from = Math.min(number, log.endNumber);
    const isLeft = number < log.endNumber;
    if (isLeft) {
      this.#isBusy = true;
      clock.soon(() => {
        this.#isBusy = false;
        this.pump();
      });
    }
    progressed(false);
  }

  #match(pattern: TextPattern): void {
    const { log, matcher, clock, found, progressed } = this.#parts;
    const { rows, texts, next } = this.#gather();
    if (rows.length === 0 && next === this.#from) return;
    this.#isBusy = true;
    const take = (matches: Uint8Array | null) => {
      if (this.#isEnded) return;
      this.#isBusy = false;
      if (!matches) {
        this.#isEnded = true;
        progressed(true);
        return;
      }
      for (let index = 0; index < rows.length; index += 1) {
        const number = rows[index] ?? 0;
        // Rows may have been cut off while the matcher was at work.
        const chunk = log.chunkOf(number);
        const at = number % chunkRows;
        if (chunk && (matches[index] === 1 || chunk.isLost(at))) found(number, chunk.report[at] ?? 0);
      }
      this.#from = next;
      progressed(false);
      if (!this.isDone) clock.soon(() => this.pump());
    };
    if (rows.length === 0) clock.soon(() => take(new Uint8Array(0)));
    else
      matcher.ask({ type: 'matches', pattern, texts }, [texts.bytes.buffer as ArrayBuffer, texts.ends.buffer as ArrayBuffer], (answer) =>
        take(answer?.type === 'matches' ? answer.found : null),
      );
  }

  /** Rows from where it stands on, as many as the matcher takes at once, or as can be looked for in a slice. */
  #gather(): { rows: number[]; texts: RowTexts; next: number } {
    const { log, clock, isCandidate, takesHoles, next } = this.#parts;
    const until = clock.now() + sliceMs;
    const rows: number[] = [];
    const parts: Uint8Array[] = [];
    let bytes = 0;
    let number = next(Math.max(this.#from, log.firstNumber));
    while (number < log.endNumber && rows.length < matchedRows && bytes < matchedBytes) {
      const chunk = log.chunkOf(number);
      const at = number % chunkRows;
      if (chunk && (chunk.isLost(at) ? takesHoles : isCandidate(chunk, at))) {
        const text = chunk.text(at);
        rows.push(number);
        parts.push(text);
        bytes += text.length;
      }
      number = next(number + 1);
      if (number % 512 === 0 && clock.now() > until) break;
    }
    const texts = { bytes: new Uint8Array(bytes), ends: new Uint32Array(rows.length) };
    let at = 0;
    parts.forEach((text, index) => {
      texts.bytes.set(text, at);
      at += text.length;
      texts.ends[index] = at;
    });
    return { rows, texts, next: Math.min(number, log.endNumber) };
  }
}
