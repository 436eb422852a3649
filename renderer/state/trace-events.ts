// The newest trace events of each device, as columns: a ring of typed arrays that the analyses read in place.
import { type OpenTraceBatch, traceHeaderBytes, traceRecordBytes } from '#common/layouts/trace-batch.ts';
import { placeAfter, type TraceView } from '#common/trace/trace-view.ts';
import type { FrameLoop } from './frame-loop.ts';
import { Source } from './source.ts';
import { secondsOf } from './time-store.ts';

/** Events that are kept of a device: twenty seconds of 2000 frames a second, about. */
export const traceEventCapacity = 200_000;

/** Of the rate that is shown: over about so much time. */
const rateNs = 1e9;

/** The events of one device, oldest first. Places shift as events come; read within one frame. */
export class DeviceTrace implements TraceView {
  readonly #capacity: number;
  readonly #originNs: bigint;
  readonly #times: Float64Array;
  readonly #kinds: Uint8Array;
  readonly #cpus: Uint16Array;
  readonly #queues: Uint16Array;
  readonly #flags: Uint16Array;
  readonly #addresses: Float64Array;
  readonly #words: Uint32Array;
  #length = 0;
  #start = 0;
  #fromNs: number;
  #toNs: number;
  #lostEvents = 0;
  #pausedNs = 0;

  /** `originNs` is the instant (CLOCK_MONOTONIC) from which the times of the view are counted. */
  constructor(originNs: bigint, capacity = traceEventCapacity) {
    this.#capacity = capacity;
    this.#originNs = originNs;
    this.#times = new Float64Array(capacity);
    this.#kinds = new Uint8Array(capacity);
    this.#cpus = new Uint16Array(capacity);
    this.#queues = new Uint16Array(capacity);
    this.#flags = new Uint16Array(capacity);
    this.#addresses = new Float64Array(capacity);
    this.#words = new Uint32Array(3 * capacity);
    this.#fromNs = 0;
    this.#toNs = 0;
  }

  get length(): number {
    return this.#length;
  }

  /** Events that are missing: overwritten in the kernel, or left out because this window painted too slowly. */
  get lostEvents(): number {
    return this.#lostEvents;
  }

  /** How much of the time nothing was recorded, since there was more than the agent passes on. */
  get pausedNs(): number {
    return this.#pausedNs;
  }

  /** Up to when it is known what happened, on the view's clock. */
  get toNs(): number {
    return this.#toNs;
  }

  /** Seconds since boot of a time of this view. */
  secondsAt(ns: number): number {
    return secondsOf(this.#originNs) + ns / 1e9;
  }

  /** Events a second over about the last second; null before so much time was watched. */
  get eventsPerSecond(): number | null {
    if (this.#toNs - this.#fromNs < rateNs / 2) return null;
    const since = Math.max(this.#fromNs, this.#toNs - rateNs);
    return ((this.#length - placeAfter(this, since)) * 1e9) / (this.#toNs - since);
  }

  readonly kind = (at: number): number => this.#kinds[this.#place(at)] ?? 0;
  readonly timeNs = (at: number): number => this.#times[this.#place(at)] ?? Number.NaN;
  readonly cpu = (at: number): number => this.#cpus[this.#place(at)] ?? 0;
  readonly queue = (at: number): number => this.#queues[this.#place(at)] ?? 0;
  readonly flags = (at: number): number => this.#flags[this.#place(at)] ?? 0;
  readonly dmaAddress = (at: number): number => this.#addresses[this.#place(at)] ?? 0;
  readonly first = (at: number): number => this.#words[3 * this.#place(at)] ?? 0;
  readonly second = (at: number): number => this.#words[3 * this.#place(at) + 1] ?? 0;
  readonly third = (at: number): number => this.#words[3 * this.#place(at) + 2] ?? 0;

  /** Takes a batch. One that is known already is skipped: whoever asks anew is told what was kept. */
  add({ view, recordCount, lostEvents, pausedNs, fromNs, toNs }: OpenTraceBatch): boolean {
    const from = Number(fromNs - this.#originNs);
    const to = Number(toNs - this.#originNs);
    if (this.#length > 0 && to <= this.#toNs) return false;
    // Nobody listened since the batch before: the rate is counted from here.
    if (from !== this.#toNs) this.#fromNs = from;
    this.#toNs = to;
    this.#lostEvents += Number(lostEvents);
    this.#pausedNs += Number(pausedNs);
    for (let index = 0; index < recordCount; index += 1) this.#push(view, traceHeaderBytes + traceRecordBytes * index);
    return true;
  }

  /** Events that this window did not get. */
  missed(events: number): void {
    this.#lostEvents += events;
  }

  #place(at: number): number {
    // No division: it is asked a million times in a walk through all events.
    const place = this.#start + at;
    return place < this.#capacity ? place : place - this.#capacity;
  }

  #push(view: DataView, at: number): void {
    const timeNs = Number(view.getBigUint64(at, true) - this.#originNs);
    if (this.#length === this.#capacity) this.#start = (this.#start + 1) % this.#capacity;
    else this.#length += 1;
    // An event may come a batch late; the few after it make room.
    let logical = this.#length - 1;
    while (logical > 0 && this.timeNs(logical - 1) > timeNs) {
      this.#copy(this.#place(logical - 1), this.#place(logical));
      logical -= 1;
    }
    const place = this.#place(logical);
    this.#times[place] = timeNs;
    this.#kinds[place] = view.getUint16(at + 8, true);
    this.#cpus[place] = view.getUint16(at + 10, true);
    this.#queues[place] = view.getUint16(at + 12, true);
    this.#flags[place] = view.getUint16(at + 14, true);
    this.#addresses[place] = Number(view.getBigUint64(at + 16, true));
    for (let word = 0; word < 3; word += 1) this.#words[3 * place + word] = view.getUint32(at + 24 + 4 * word, true);
  }

  #copy(from: number, to: number): void {
    for (const column of [this.#times, this.#kinds, this.#cpus, this.#queues, this.#flags, this.#addresses]) column[to] = column[from] ?? 0;
    this.#words.copyWithin(3 * to, 3 * from, 3 * from + 3);
  }
}

/** All devices' trace events. */
export class TraceEvents extends Source {
  readonly #devices = new Map<string, DeviceTrace>();
  readonly #capacity: number;

  constructor(loop: FrameLoop, capacity = traceEventCapacity) {
    super(loop);
    this.#capacity = capacity;
  }

  /** Takes a batch. */
  add(batch: OpenTraceBatch): void {
    let trace = this.#devices.get(batch.device);
    if (!trace) {
      trace = new DeviceTrace(batch.fromNs, this.#capacity);
      this.#devices.set(batch.device, trace);
    }
    if (trace.add(batch)) this.changed();
  }

  /** The events of a device; undefined before the first batch. */
  get(device: string): DeviceTrace | undefined {
    return this.#devices.get(device);
  }

  /** Notes events that this window did not get. */
  missed(events: number): void {
    if (events <= 0) return;
    for (const trace of this.#devices.values()) trace.missed(events);
    this.changed();
  }

  /** Forgets everything: another boot, or another instant of a recording. */
  clear(): void {
    this.#devices.clear();
    this.changed();
  }
}
