// The timeline's axis, live or in a recording: what is kept, what of it is in sight, and what a choice on it does.
import { type TimeRange, visibleRange } from '../../state/time-store.ts';
import { type KeptTime, panned, spanned, type TimeWindow, withInSight, zoomed } from '../../state/time-window.ts';
import type { WindowModel } from '../../state/window-model.ts';
import { seek } from '../../ui/replay-commands.ts';

/** Seconds since boot at the start of the open recording; null while what is inspected is live, or before its machine is known. */
export function recordingStart(model: WindowModel): number | null {
  const { replay, hello } = model.session.getState();
  if (!replay) return null;
  // Both are times since 1970: as doubles of nanoseconds they would lose a quarter of a microsecond each.
  const bootNs = BigInt(hello?.bootTimeUnixNs ?? 0);
  return Number(BigInt(Math.round(replay.startedUnixMs)) * 1_000_000n - bootNs) / 1e9;
}

/** Live it moves the stretch that all charts show; in a recording it shows the whole of it, and zooms for itself. */
export class TimelineAxis {
  readonly #model: WindowModel;
  #inRecording: TimeWindow | null = null;

  constructor(model: WindowModel) {
    this.#model = model;
  }

  get isRecording(): boolean {
    return this.#model.session.getState().replay !== null;
  }

  /** From the oldest instant that can be shown to the newest; null while there is none. */
  get kept(): KeptTime | null {
    const { session, history, time } = this.#model;
    const { replay } = session.getState();
    const start = recordingStart(this.#model);
    if (replay && start !== null) return { from: start, to: start + Math.max(0.001, replay.durationMs / 1000) };
    const { oldestSeconds, newestSeconds } = history.series;
    if (Number.isNaN(newestSeconds)) return null;
    return { from: oldestSeconds, to: time.getState().pausedSeconds ?? newestSeconds };
  }

  /** What is in sight. */
  get range(): TimeRange {
    const { kept } = this;
    const window = this.#inRecording;
    if (this.isRecording && kept) {
      const to = window?.endSeconds ?? kept.to;
      return { from: to - (window?.spanSeconds ?? kept.to - kept.from), to };
    }
    return visibleRange(this.#model.time.getState(), kept?.to ?? 0);
  }

  /** Where the open recording stands. */
  get position(): number | null {
    const start = recordingStart(this.#model);
    const { replay } = this.#model.session.getState();
    return replay && start !== null ? start + replay.positionMs / 1000 : null;
  }

  /** Zooms by a factor about an instant. */
  zoom(factor: number, about: number): void {
    this.#change((window, kept) => zoomed(window, factor, about, kept));
  }

  /** Moves what is in sight. */
  pan(bySeconds: number): void {
    this.#change((window, kept) => panned(window, bySeconds, kept));
  }

  /** Shows so much time. */
  span(spanSeconds: number): void {
    this.#change((window, kept) => spanned(window, spanSeconds, kept));
  }

  /** Chooses an instant; a recording goes there. */
  choose(seconds: number): void {
    const { kept } = this;
    if (!kept) return;
    const chosen = Math.min(kept.to, Math.max(kept.from, seconds));
    this.#model.time.setState({ chosenSeconds: chosen });
    if (this.isRecording) seek(this.#model, Math.round((chosen - kept.from) * 1000));
    else this.#change((window, all) => withInSight(window, chosen, all));
  }

  /** Steps the chosen instant by a share of what is in sight. */
  step(share: number): void {
    const { from, to } = this.range;
    this.choose((this.#model.time.getState().chosenSeconds ?? to) + share * (to - from));
  }

  /** Lets go of the chosen instant and follows the newest. */
  follow(): void {
    this.#model.time.setState({ chosenSeconds: null, endSeconds: null });
  }

  #change(change: (window: TimeWindow, kept: KeptTime) => TimeWindow): void {
    const { kept } = this;
    if (!kept) return;
    if (!this.isRecording) {
      this.#inRecording = null;
      this.#model.time.setState(change(this.#model.time.getState(), kept));
      return;
    }
    const all: TimeWindow = { spanSeconds: kept.to - kept.from, endSeconds: kept.to };
    const next = change(this.#inRecording ?? all, kept);
    // A recording does not grow: its right edge is an instant like any other.
    this.#inRecording = { spanSeconds: Math.min(next.spanSeconds, all.spanSeconds), endSeconds: next.endSeconds ?? kept.to };
  }
}
