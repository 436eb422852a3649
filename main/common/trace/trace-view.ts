// Trace events as the analyses read them: in the order of time, oldest first, without an object for each of them.
import type { TraceEventName } from './event-kinds.ts';
import { traceEventNames } from './event-kinds.ts';

/** Events of one device by their place, 0 the oldest. What each number means is the event's matter: driver/wire/README.md, "trace". */
export interface TraceView {
  readonly length: number;
  /** The number of the tracepoint, as in `traceKinds`. */
  kind(at: number): number;
  /** Nanoseconds since an instant that all events of the view share. */
  timeNs(at: number): number;
  cpu(at: number): number;
  /** The queue; of an interrupt the vector. */
  queue(at: number): number;
  flags(at: number): number;
  /** The bus address, exact to 2^53; 0 without one. */
  dmaAddress(at: number): number;
  /** The first word: a descriptor's index, a doorbell's or refill's next_to_use, a poll's received, an interrupt's number. */
  first(at: number): number;
  /** The second word: a length, next_to_clean, a poll's cleaned, an interrupt's cause. */
  second(at: number): number;
  /** The third word: posted, free, frames, a poll's budget. */
  third(at: number): number;
}

/** An event as a value, for few of them. */
export interface TracePoint {
  readonly event: TraceEventName;
  readonly timeNs: number;
  readonly cpu?: number;
  readonly queue?: number;
  readonly flags?: number;
  readonly dmaAddress?: number;
  readonly words?: readonly [number, number, number];
}

/** A view of values. */
export function viewOfPoints(points: readonly TracePoint[]): TraceView {
  return {
    length: points.length,
    kind: (at) => traceEventNames.indexOf(points[at]?.event ?? 'poll'),
    timeNs: (at) => points[at]?.timeNs ?? Number.NaN,
    cpu: (at) => points[at]?.cpu ?? 0,
    queue: (at) => points[at]?.queue ?? 0,
    flags: (at) => points[at]?.flags ?? 0,
    dmaAddress: (at) => points[at]?.dmaAddress ?? 0,
    first: (at) => points[at]?.words?.[0] ?? 0,
    second: (at) => points[at]?.words?.[1] ?? 0,
    third: (at) => points[at]?.words?.[2] ?? 0,
  };
}

/** The place of the first event after this time. */
export function placeAfter(view: TraceView, timeNs: number): number {
  let low = 0;
  let high = view.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (view.timeNs(middle) <= timeNs) low = middle + 1;
    else high = middle;
  }
  return low;
}
