// Which instant the person looks at, on the one clock of everything: seconds since the target's boot, as CLOCK_MONOTONIC counts them.
import { createStore } from 'zustand/vanilla';

/** Instants that all panels share. */
export interface TimeState {
  /** The instant under the pointer, in whichever panel it is; null while it is over none. */
  readonly hoveredSeconds: number | null;
  /** The instant that was chosen in a chart, on a log line or on an event. It stays until another is chosen. */
  readonly chosenSeconds: number | null;
  /** The instant at which the screen stands still; null while it goes on. Data keeps coming either way. */
  readonly pausedSeconds: number | null;
  /** How much time charts and the timeline show. */
  readonly spanSeconds: number;
  /** The instant at their right edge; null follows the newest, or the paused one. */
  readonly endSeconds: number | null;
  /** The two instants that are compared ("what changed between A and B"). */
  readonly markASeconds: number | null;
  readonly markBSeconds: number | null;
}

/** What charts show before anybody zooms: a minute. */
export const usualSpanSeconds = 60;

/** Makes a store with no instant. */
export function createTimeStore() {
  return createStore<TimeState>(() => ({
    hoveredSeconds: null,
    chosenSeconds: null,
    pausedSeconds: null,
    spanSeconds: usualSpanSeconds,
    endSeconds: null,
    markASeconds: null,
    markBSeconds: null,
  }));
}

/** A store as `createTimeStore` makes it. */
export type TimeStore = ReturnType<typeof createTimeStore>;

/** Seconds since boot of a time in nanoseconds, exact to less than a nanosecond in the first hundred days. */
export const secondsOf = (timeNs: bigint): number => Number(timeNs / 1_000_000_000n) + Number(timeNs % 1_000_000_000n) / 1e9;

/** A stretch of time, in seconds since boot. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

// An edge that was computed from an instant may miss it by the last digit.
const edgeSeconds = 1e-6;

/** Whether an instant lies in a stretch, its edges included. */
export const isWithin = ({ from, to }: TimeRange, seconds: number): boolean => seconds >= from - edgeSeconds && seconds <= to + edgeSeconds;

/** The stretch that charts show; `newestSeconds` is the newest that was measured. A chart with a span of its own shows that much up to the same edge. */
export function visibleRange(time: TimeState, newestSeconds: number, ownSpanSeconds?: number): TimeRange {
  const to = time.endSeconds ?? time.pausedSeconds ?? newestSeconds;
  return { from: to - (ownSpanSeconds ?? time.spanSeconds), to };
}

/** Points of one line in the order of time; a null breaks the line. */
export interface TimePoints {
  readonly seconds: readonly number[];
  readonly values: readonly (number | null)[];
}
