// Everything that goes to one client: its sequence numbers, and per stream a window of two unacknowledged frames (design decision 10).
import { encodeFrame, type Stream, streams } from '#common/frame.ts';
import type { Reply, SessionEvent } from '#common/protocol.ts';
import { encodeControl } from '../agent/control-message.ts';
import type { RawBatch } from './log-records.ts';
import { ByteQueue, LogQueue, NewestQueue, type StreamQueue } from './stream-queues.ts';
import { type RawTrace, TraceQueue } from './trace-batches.ts';

/** A stream whose frames replace each other: the newest of each thing is what counts. */
export type NewestStream =
  | typeof streams.sample
  | typeof streams.ring
  | typeof streams.registers
  | typeof streams.vectors
  | typeof streams.buffer;

// Shells have a flow control of their own, in bytes (main/node/terminal).
type BulkStream = Exclude<Stream, typeof streams.control | typeof streams.terminal>;

const windowFrames = 2;
// A second of the worst storm: a window may be busy with a frame for some of it without missing a line.
const queuedLogRecords = 100_000;
const queuedConsoleBytes = 262_144;
// Half a second of what the agent passes on at the most.
const queuedTraceEvents = 100_000;

/** Frames sent and painted, as counts since `hello`; a count's low 32 bits are the wire's sequence. */
interface StreamWindow {
  sent: number;
  painted: number;
  announcedFrames: number;
  announcedRecords: number;
}

/** The frames to one client. Control is never dropped; bulk waits for `acknowledge`. */
export class Outbox {
  readonly #send: (frame: Uint8Array) => void;
  #controlSequence = 0;
  #terminalSequence = 0;
  #windows = new Map<BulkStream, StreamWindow>();
  #newest = new Map<NewestStream, NewestQueue>();
  #log = new LogQueue(queuedLogRecords);
  #console = new ByteQueue(queuedConsoleBytes);
  #trace = new TraceQueue(queuedTraceEvents);

  constructor(send: (frame: Uint8Array) => void) {
    this.#send = send;
  }

  /** Starts anew, as after `hello`: sequences at 0, nothing waiting, nothing dropped. */
  restart(): void {
    this.#controlSequence = 0;
    this.#terminalSequence = 0;
    this.#windows = new Map();
    this.#newest = new Map();
    this.#log = new LogQueue(queuedLogRecords);
    this.#console = new ByteQueue(queuedConsoleBytes);
    this.#trace = new TraceQueue(queuedTraceEvents);
  }

  /** Drops what waits: it belongs to an instant that is no longer shown. Sequences and acknowledgements go on. */
  forgetWaiting(): void {
    for (const queue of [...this.#newest.values(), this.#log, this.#console, this.#trace])
      for (let waiting = queue.next(); waiting; waiting = queue.next()) for (const then of waiting.whenSent) then();
  }

  /** An event or a reply, at once. */
  control(message: SessionEvent | Reply): void {
    this.#send(encodeControl(message, this.#controlSequence));
    this.#controlSequence = (this.#controlSequence + 1) >>> 0;
  }

  /** Part of the snapshot that a client gets on `hello`: at once, beside the window, since the session bounds what it keeps. */
  history(stream: BulkStream, payload: Uint8Array): void {
    const window = this.#window(stream);
    this.#frame(stream, window, payload);
    window.painted = window.sent;
  }

  /** A sample, or the snapshot of one thing. */
  newest(stream: NewestStream, key: string, payload: Uint8Array): void {
    this.#newestQueue(stream).put(key, payload);
    this.#pump(stream);
  }

  /** Calls back once nothing waits under this key. */
  afterNewest(stream: NewestStream, key: string, then: () => void): void {
    this.#newestQueue(stream).afterSent(key, then);
  }

  log(batch: RawBatch): void {
    this.#log.put(batch);
    this.#pump(streams.log);
  }

  console(bytes: Uint8Array): void {
    this.#console.put(bytes);
    this.#pump(streams.console);
  }

  trace(batch: RawTrace): void {
    this.#trace.put(batch);
    this.#pump(streams.trace);
  }

  /** What a shell printed, at once: its terminal bounds what is under way. */
  terminal(payload: Uint8Array): void {
    this.#send(encodeFrame({ stream: streams.terminal, sequence: this.#terminalSequence, payload }));
    this.#terminalSequence = (this.#terminalSequence + 1) >>> 0;
  }

  /** The client has painted this frame, and with it all earlier ones of the stream. What was never sent is not believed. */
  acknowledge(stream: number, sequence: number): void {
    const window = this.#windows.get(stream as BulkStream);
    if (!window) return;
    // Counts are compared, not the wire's numbers, so that the wrap at 2^32 needs no special case.
    const behind = (((window.sent - 1 - sequence) % 2 ** 32) + 2 ** 32) % 2 ** 32;
    const painted = window.sent - behind;
    if (painted <= window.painted) return;
    window.painted = painted;
    this.#pump(stream as BulkStream);
  }

  #window(stream: BulkStream): StreamWindow {
    let window = this.#windows.get(stream);
    if (!window) {
      window = { sent: 0, painted: 0, announcedFrames: 0, announcedRecords: 0 };
      this.#windows.set(stream, window);
    }
    return window;
  }

  #newestQueue(stream: NewestStream): NewestQueue {
    let queue = this.#newest.get(stream);
    if (!queue) {
      queue = new NewestQueue();
      this.#newest.set(stream, queue);
    }
    return queue;
  }

  #queue(stream: BulkStream): StreamQueue {
    if (stream === streams.log) return this.#log;
    if (stream === streams.console) return this.#console;
    if (stream === streams.trace) return this.#trace;
    return this.#newestQueue(stream);
  }

  #pump(stream: BulkStream): void {
    const window = this.#window(stream);
    const queue = this.#queue(stream);
    while (window.sent - window.painted < windowFrames) {
      const waiting = queue.next();
      if (!waiting) return;
      this.#announceDropped(stream, window, queue);
      this.#frame(stream, window, waiting.payload);
      for (const then of waiting.whenSent) then();
    }
  }

  #announceDropped(stream: BulkStream, window: StreamWindow, queue: StreamQueue): void {
    const { droppedFrames, droppedRecords } = queue;
    if (droppedFrames === window.announcedFrames && droppedRecords === window.announcedRecords) return;
    window.announcedFrames = droppedFrames;
    window.announcedRecords = droppedRecords;
    this.control({ type: 'dropped', stream, frames: droppedFrames, records: droppedRecords });
  }

  #frame(stream: BulkStream, window: StreamWindow, payload: Uint8Array): void {
    const sequence = window.sent % 2 ** 32;
    window.sent += 1;
    this.#send(encodeFrame({ stream, sequence, payload }));
  }
}
