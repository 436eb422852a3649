// Instants that are worth a mark on the timeline: kernel log lines by severity, what happened to driver, link and target, and what others hand in (alerts).
import { cutLogBatch } from '#common/layouts/log-batch.ts';
import type { SessionEvent } from '#common/protocol.ts';
import { decodeUtf8 } from '#common/text.ts';
import type { FrameLoop } from './frame-loop.ts';
import { Source } from './source.ts';

export type MarkSeverity = 'info' | 'warning' | 'error';

/** A mark. `id` is unique among those of its origin. */
export interface TimelineMark {
  /** Seconds since boot, as the kernel counts them. */
  readonly seconds: number;
  readonly severity: MarkSeverity;
  readonly label: string;
  readonly id: string;
}

/** Log lines of one severity within a twentieth of a second; `label` is the first of them. */
export interface LogMark {
  readonly seconds: number;
  readonly severity: MarkSeverity;
  readonly label: string;
  readonly lines: number;
}

// What no eye can tell apart on any zoom that is offered.
const logGrain = 20;
const logMarksKept = 20_000;
const eventsKept = 2000;

// Where a record has what is looked at (driver/wire/README.md, "log").
const recordAt = { level: 4, timeUs: 16, textLength: 24, text: 32 } as const;

const severityOf = (level: number): MarkSeverity => (level <= 3 ? 'error' : level === 4 ? 'warning' : 'info');

/** Cuts a tenth at once, so that one more does not move all the others. */
const bounded = <T>(items: T[], kept: number): T[] => (items.length > kept * 1.1 ? items.slice(-kept) : items);

/** All marks, each origin's in the order of time. */
export class TimelineMarks extends Source {
  readonly #handedIn = new Map<string, readonly TimelineMark[]>();
  // Lines of a burst are counted in place.
  #log: { seconds: number; severity: MarkSeverity; label: string; lines: number }[] = [];
  #events: TimelineMark[] = [];
  #lastSequence: bigint | null = null;
  readonly #newestOf = new Map<MarkSeverity, number>();
  #module: string | null = null;
  #links = new Map<string, string>();
  #nextEvent = 1;

  constructor(loop: FrameLoop) {
    super(loop);
  }

  /** Lines of the kernel log. */
  get log(): readonly LogMark[] {
    return this.#log;
  }

  /** What happened to driver, link and target, and what was handed in, in the order of time. */
  get events(): readonly TimelineMark[] {
    return [...this.#events, ...[...this.#handedIn.values()].flat()].sort((a, b) => a.seconds - b.seconds);
  }

  /** Replaces the marks of an origin, such as `alerts`. */
  set(origin: string, marks: readonly TimelineMark[]): void {
    this.#handedIn.set(origin, marks);
    this.changed();
  }

  /** Takes a payload of stream 1; records that were seen are told again with each connection. What contradicts itself is the log's to tell. */
  takeLog(payload: Uint8Array): void {
    const batch = cutLogBatch(payload);
    if (!batch.ok) return;
    for (const { sequence, bytes } of batch.value.records) {
      if (this.#lastSequence !== null && sequence <= this.#lastSequence) continue;
      this.#lastSequence = sequence;
      this.#addLine(bytes);
    }
    this.#log = bounded(this.#log, logMarksKept);
    this.changed();
  }

  /** Takes an event of the session, which carries no time of its own: it happened about when the newest sample was taken. */
  takeEvent(event: SessionEvent, newestSeconds: number): void {
    if (event.type === 'module') {
      if (this.#module !== null && this.#module !== event.state)
        this.#happened(newestSeconds, event.state === 'failed' ? 'error' : 'info', `Driver ${event.name} ${event.state}`);
      this.#module = event.state;
    } else if (event.type === 'devices') {
      const links = new Map(
        event.devices.map(({ interface: name, pciAddress, carrier }) => [name ?? pciAddress, carrier ? 'up' : 'down'] as const),
      );
      for (const [name, state] of links) {
        const before = this.#links.get(name);
        if (before !== undefined && before !== state)
          this.#happened(newestSeconds, state === 'up' ? 'info' : 'warning', `Link of ${name} ${state}`);
      }
      this.#links = links;
    } else if (event.type === 'target' && event.phase === 'failed') {
      this.#happened(newestSeconds, 'error', event.reason?.title ?? 'The target failed');
    }
  }

  /** Forgets all: another boot, or another instant of a recording. */
  clear(): void {
    this.#log = [];
    this.#events = [];
    this.#lastSequence = null;
    this.#newestOf.clear();
    this.#handedIn.clear();
    this.#module = null;
    this.#links = new Map();
    this.changed();
  }

  /** A burst has a hundred thousand lines a second: only those that get a mark are read. */
  #addLine(bytes: Uint8Array): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const seconds = (view.getUint32(recordAt.timeUs, true) + view.getUint32(recordAt.timeUs + 4, true) * 2 ** 32) / 1e6;
    const severity = severityOf(view.getUint8(recordAt.level));
    const grain = Math.floor(seconds * logGrain);
    if (this.#newestOf.get(severity) === grain) {
      const newest = this.#log.at(-1);
      // Several severities in turn within a grain: each has its mark already.
      if (newest?.severity === severity) newest.lines += 1;
      return;
    }
    this.#newestOf.set(severity, grain);
    const textLength = view.getUint16(recordAt.textLength, true);
    const label = decodeUtf8(bytes.subarray(recordAt.text, recordAt.text + textLength));
    this.#log.push({ seconds, severity, label, lines: 1 });
  }

  #happened(seconds: number, severity: MarkSeverity, label: string): void {
    if (Number.isNaN(seconds)) return;
    this.#events = bounded([...this.#events, { seconds, severity, label, id: `event-${this.#nextEvent}` }], eventsKept);
    this.#nextEvent += 1;
    this.changed();
  }
}
