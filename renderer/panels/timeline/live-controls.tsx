// What can be done with the time of what is live: stand still, go on, show more or less of it; and how far back it is kept.
import { Pause, Play } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { formatBytes } from '../../ui/format.ts';
import { useModel, useSession, useTime } from '../../ui/model-context.tsx';
import { spanWord } from './time-word.ts';
import type { TimelineAxis } from './timeline-axis.ts';

const spans = [10, 60, 300, 1800, 3600, 6 * 3600] as const;

/** Pause, and where the screen stands. */
export function PauseControl() {
  const { standstill, history } = useModel();
  const pausedSeconds = useTime((state) => state.pausedSeconds);
  const chosenSeconds = useTime((state) => state.chosenSeconds);
  const isScrolled = useTime((state) => state.endSeconds !== null);
  const isLive = useSession((state) => state.target?.phase === 'live');
  const hasSamples = useSyncExternalStore(history.subscribe, () => !Number.isNaN(history.series.newestSeconds));
  if (pausedSeconds === null) {
    return (
      <div className="timeline-state">
        <button
          type="button"
          onClick={() => standstill.pause()}
          disabled={!hasSamples}
          title="Let the screen stand still; data keeps coming (Space)"
        >
          <Pause size={14} aria-hidden="true" /> Pause
        </button>
        <span className="soft">{isScrolled ? '◁ earlier' : isLive ? '● follows' : '○ not live'}</span>
      </div>
    );
  }
  const shown = standstill.shownSeconds ?? pausedSeconds;
  return (
    <div className="timeline-state" role="status" aria-label="The screen stands still">
      <button type="button" className="primary" onClick={() => standstill.goOn()} title="Show what is live again (Space)">
        <Play size={14} aria-hidden="true" /> Go on
      </button>
      <span className="number" data-testid="paused-at" title="Data keeps coming; tables show this instant">
        {chosenSeconds === null ? `paused at ${pausedSeconds.toFixed(3)} s` : `shows ${shown.toFixed(3)} s`}
      </span>
    </div>
  );
}

/** How much time is in sight, and how much is kept. */
export function SpanControl({ axis }: { axis: TimelineAxis }) {
  const { history, time } = useModel();
  const spanSeconds = useTime((state) => state.spanSeconds);
  const isScrolled = useTime((state) => state.endSeconds !== null);
  const isPaused = useTime((state) => state.pausedSeconds !== null);
  const { series } = history;
  const { limits } = series;
  const since = (seconds: number) => (Number.isNaN(seconds) ? 0 : Math.floor(series.newestSeconds - seconds));
  // Whole seconds: the words do not change with every sample.
  const keptSeconds = useSyncExternalStore(history.subscribe, () => since(series.oldestSeconds));
  const fineSeconds = since(series.fineFromSeconds);
  const limit =
    `Every sample of the last ${spanWord(fineSeconds)}, one a second before that. ` +
    `Kept at the most: ${spanWord(limits.fineSeconds)} in full, ${spanWord(limits.coarseSeconds)} once a second, ` +
    `${formatBytes(limits.maximumBytes)} (${formatBytes(series.bytes)} now).`;
  const choices = [...new Set([...spans, spanSeconds])].sort((a, b) => a - b);
  return (
    <div className="timeline-state">
      <select
        aria-label="Time in sight"
        value={spanSeconds}
        onChange={({ target }) => (target.value === 'all' ? axis.span(Number.POSITIVE_INFINITY) : axis.span(Number(target.value)))}
        title="How much time the timeline and all charts show (+ and − on the timeline, or the wheel)"
      >
        {choices.map((seconds) => (
          <option key={seconds} value={seconds}>
            {spanWord(seconds)}
          </option>
        ))}
        <option value="all">all</option>
      </select>
      {isScrolled ? (
        <button
          type="button"
          className="timeline-live"
          onClick={() => time.setState({ endSeconds: null })}
          title="Back to the newest (End)"
        >
          {isPaused ? '⇥ pause' : '⇥ live'}
        </button>
      ) : (
        <span className="soft" title={limit} data-testid="history-limit">
          {spanWord(keptSeconds)} of {spanWord(limits.coarseSeconds)} kept
        </span>
      )}
    </div>
  );
}
