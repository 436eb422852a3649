// What can be done with the time of an open recording: play, go from mark to mark, faster or slower, export.
import { Pause, Play, SkipBack, SkipForward, TriangleAlert } from 'lucide-react';
import { lazy, Suspense } from 'react';
import type { ShownReplay } from '../../state/session-store.ts';
import { formatDuration } from '../../ui/format.ts';
import { useModel } from '../../ui/model-context.tsx';
import { seekMark, togglePlay } from '../../ui/replay-commands.ts';

const ExportMenu = lazy(async () => ({ default: (await import('../recordings/export-menu.tsx')).ExportMenu }));

const speeds = [0.25, 0.5, 1, 2, 4, 8, 16] as const;
// What the charts show at once.
const visibleMs = 60_000;

/** At the left: play and marks, and where it stands. */
export function PlayControl({ replay }: { replay: ShownReplay }) {
  const model = useModel();
  const { playing, positionMs, durationMs, marks, startedUnixMs } = replay;
  return (
    <div className="timeline-state">
      <div className="timeline-buttons">
        <button
          type="button"
          onClick={() => togglePlay(model)}
          aria-label={playing ? 'Pause' : 'Play'}
          title={playing ? 'Pause (K)' : 'Play (K)'}
        >
          {playing ? <Pause size={14} aria-hidden="true" /> : <Play size={14} aria-hidden="true" />}
        </button>
        <button
          type="button"
          className="quiet"
          onClick={() => seekMark(model, -1)}
          disabled={marks.length === 0}
          aria-label="Mark before"
          title="To the mark before (B)"
        >
          <SkipBack size={14} aria-hidden="true" />
        </button>
        <button
          type="button"
          className="quiet"
          onClick={() => seekMark(model, 1)}
          disabled={marks.length === 0}
          aria-label="Next mark"
          title="To the next mark (N)"
        >
          <SkipForward size={14} aria-hidden="true" />
        </button>
      </div>
      <span className="number timeline-time" data-testid="replay-position" title={new Date(startedUnixMs + positionMs).toISOString()}>
        {formatDuration(positionMs)} / {formatDuration(durationMs)}
      </span>
    </div>
  );
}

/** At the right: speed and export, and the mark it stands at. */
export function RecordingControl({ replay }: { replay: ShownReplay }) {
  const model = useModel();
  const { name, positionMs, speed, remark, marks } = replay;
  const here = marks.findLast(({ timeMs }) => timeMs <= positionMs + 50);
  const visible = { name: 'The minute that is shown', fromMs: Math.max(0, positionMs - visibleMs), toMs: positionMs };
  return (
    <div className="timeline-state">
      <div className="timeline-buttons">
        <select
          aria-label="Speed"
          value={speed}
          onChange={({ target }) => void model.ask('replay', { speed: Number(target.value) })}
          title="How fast it plays"
        >
          {speeds.map((value) => (
            <option key={value} value={value}>
              {value}×
            </option>
          ))}
        </select>
        <Suspense
          fallback={
            <button type="button" className="target-menu" disabled>
              Export
            </button>
          }
        >
          <ExportMenu name={name} stretch={visible} />
        </Suspense>
        {remark ? (
          <span className="recording-cut" role="img" aria-label={remark} title={remark} data-testid="replay-remark">
            <TriangleAlert size={16} aria-hidden="true" />
          </span>
        ) : null}
      </div>
      <span className="timeline-here soft" title={here ? `${formatDuration(here.timeMs)}  ${here.text}` : undefined}>
        {here?.text ?? ''}
      </span>
    </div>
  );
}
