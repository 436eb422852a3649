// Pause: the screen stands at an instant while data keeps coming, and shows the instant that is chosen meanwhile.
import type { FrameLoop } from './frame-loop.ts';
import type { QueueHistory } from './queue-history.ts';
import type { SampleHistory } from './sample-history.ts';
import type { SessionState, SessionStore } from './session-store.ts';
import { type TimeStore, visibleRange } from './time-store.ts';

/** What stands. */
export interface StandstillParts {
  readonly time: TimeStore;
  readonly loop: FrameLoop;
  readonly history: SampleHistory;
  readonly queues: QueueHistory;
  readonly session: SessionStore;
}

/** Keeps everything that is shown at one instant as long as `pausedSeconds` is set. */
export class Standstill {
  readonly #parts: StandstillParts;
  #observations: SessionState['observations'] | null = null;
  // The store's state with what stands put into it; made once for each state, since a store's readers compare by identity.
  #shown: { readonly of: SessionState; readonly as: SessionState } | null = null;

  constructor(parts: StandstillParts) {
    this.#parts = parts;
    const { time, loop, session } = parts;
    time.subscribe(({ pausedSeconds, chosenSeconds }, before) => {
      if (pausedSeconds === before.pausedSeconds && (pausedSeconds === null || chosenSeconds === before.chosenSeconds)) return;
      if (pausedSeconds === null) this.#observations = null;
      else this.#observations ??= session.getState().observations;
      this.#shown = null;
      loop.standStill(pausedSeconds !== null);
      parts.history.standAt(this.shownSeconds);
      parts.queues.standAt(this.shownSeconds);
    });
  }

  /** The instant whose values are shown: the one that was chosen while the screen stands, else the paused one; null while it goes on. */
  get shownSeconds(): number | null {
    const { pausedSeconds, chosenSeconds } = this.#parts.time.getState();
    return pausedSeconds === null || chosenSeconds === null ? pausedSeconds : Math.min(chosenSeconds, pausedSeconds);
  }

  /** Stands still at the newest instant; false while nothing has been measured. What was chosen before is let go of: it is not what is seen. */
  pause(): boolean {
    const { history, time } = this.#parts;
    const newest = history.series.newestSeconds;
    if (Number.isNaN(newest)) return false;
    time.setState({ pausedSeconds: newest, chosenSeconds: null });
    return true;
  }

  /** Goes on with what is live, and lets go of what was chosen meanwhile. */
  goOn(): void {
    this.#parts.time.setState({ pausedSeconds: null, chosenSeconds: null, endSeconds: null });
  }

  /** Stands still at an instant of the past, with it in sight: where an alert, an event or a log line leads to. */
  showInstant(seconds: number): void {
    const { history, time } = this.#parts;
    const pausedSeconds = time.getState().pausedSeconds ?? Math.max(seconds, history.series.newestSeconds || seconds);
    const { from, to } = visibleRange({ ...time.getState(), pausedSeconds }, pausedSeconds);
    const isInSight = seconds >= from && seconds <= to;
    const endSeconds = isInSight ? time.getState().endSeconds : Math.min(pausedSeconds, seconds + (to - from) / 2);
    time.setState({ pausedSeconds, chosenSeconds: seconds, endSeconds });
  }

  /** Another clock begins: no instant of the old one means anything. */
  forget(): void {
    const none = { hoveredSeconds: null, chosenSeconds: null, pausedSeconds: null, endSeconds: null };
    this.#parts.time.setState({ ...none, markASeconds: null, markBSeconds: null });
  }

  /** A state of the session as it is shown: with the observations of the pause. */
  readonly shown = (state: SessionState): SessionState => {
    if (!this.#observations) return state;
    if (this.#shown?.of !== state) this.#shown = { of: state, as: { ...state, observations: this.#observations } };
    return this.#shown.as;
  };
}
