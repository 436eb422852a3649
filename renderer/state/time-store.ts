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
}

/** Makes a store with no instant. */
export function createTimeStore() {
  return createStore<TimeState>(() => ({ hoveredSeconds: null, chosenSeconds: null, pausedSeconds: null }));
}

/** A store as `createTimeStore` makes it. */
export type TimeStore = ReturnType<typeof createTimeStore>;

/** Seconds since boot of a time in nanoseconds, exact to less than a nanosecond in the first hundred days. */
export const secondsOf = (timeNs: bigint): number => Number(timeNs / 1_000_000_000n) + Number(timeNs % 1_000_000_000n) / 1e9;
