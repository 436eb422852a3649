// Time in an open recording: where it stands, its marks, and the way to anywhere else.
import { Pause, Play, SkipBack, SkipForward, TriangleAlert } from 'lucide-react';
import { Slider } from 'radix-ui';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { ShownReplay } from '../../state/session-store.ts';
import { formatDuration } from '../../ui/format.ts';
import { useModel, useSession } from '../../ui/model-context.tsx';
import { seek, seekBy, seekMark, togglePlay } from '../../ui/replay-commands.ts';
import { ExportMenu } from './export-menu.tsx';

const speeds = [0.25, 0.5, 1, 2, 4, 8, 16] as const;
// What the charts show at once.
const visibleMs = 60_000;
const arrowMs = 1000;
const shiftedArrowMs = 10_000;

function Track({ replay }: { replay: ShownReplay }) {
  const model = useModel();
  const { positionMs, durationMs, marks, jump } = replay;
  // While it is dragged the thumb is where the pointer is, not where the recording still stands.
  const [draggedMs, setDraggedMs] = useState<number | null>(null);
  const isHeld = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the jump that was asked for has come about
  useEffect(() => {
    if (!isHeld.current) setDraggedMs(null);
  }, [jump]);
  const shownMs = draggedMs ?? positionMs;
  const onKeyDown = (event: KeyboardEvent) => {
    const direction =
      event.key === 'ArrowRight' || event.key === 'ArrowUp' ? 1 : event.key === 'ArrowLeft' || event.key === 'ArrowDown' ? -1 : 0;
    if (direction === 0) return;
    event.preventDefault();
    event.stopPropagation();
    seekBy(model, direction * (event.shiftKey ? shiftedArrowMs : arrowMs));
  };
  return (
    <div className="timeline-track" onKeyDownCapture={onKeyDown}>
      <Slider.Root
        className="slider"
        min={0}
        max={Math.max(1, durationMs)}
        step={1}
        value={[shownMs]}
        onValueChange={([value = 0]) => {
          isHeld.current = true;
          setDraggedMs(value);
          seek(model, value);
        }}
        onValueCommit={([value = 0]) => {
          isHeld.current = false;
          // Once more, since the jump may have come about while the thumb was held still.
          seek(model, value);
        }}
      >
        <Slider.Track className="slider-track">
          <Slider.Range className="slider-range" />
        </Slider.Track>
        <Slider.Thumb
          className="slider-thumb"
          aria-label="Position in the recording"
          aria-valuetext={`${formatDuration(shownMs)} of ${formatDuration(durationMs)}`}
        />
      </Slider.Root>
      <div className="timeline-marks" aria-hidden="true">
        {marks.map(({ timeMs, kind, text }) => (
          <span
            key={`${timeMs} ${kind} ${text}`}
            data-kind={kind}
            style={{ left: `${(100 * timeMs) / Math.max(1, durationMs)}%` }}
            title={`${formatDuration(timeMs)}  ${text}`}
          />
        ))}
      </div>
    </div>
  );
}

/** The bar above the status bar; nothing while what is inspected is live. */
export function Timeline() {
  const model = useModel();
  const replay = useSession((state) => state.replay);
  if (!replay) return <div />;
  const { name, playing, positionMs, durationMs, speed, remark, marks, startedUnixMs } = replay;
  const here = marks.findLast(({ timeMs }) => timeMs <= positionMs + 50);
  const visible = { name: 'The minute that is shown', fromMs: Math.max(0, positionMs - visibleMs), toMs: positionMs };
  return (
    <section className="timeline" aria-label="Recording">
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
      <span className="number timeline-time" data-testid="replay-position" title={new Date(startedUnixMs + positionMs).toISOString()}>
        {formatDuration(positionMs)} / {formatDuration(durationMs)}
      </span>
      <Track replay={replay} />
      <span className="timeline-here soft" title={here ? `${formatDuration(here.timeMs)}  ${here.text}` : undefined}>
        {here?.text ?? ''}
      </span>
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
      <ExportMenu name={name} stretch={visible} />
      {remark ? (
        <span className="recording-cut" role="img" aria-label={remark} title={remark} data-testid="replay-remark">
          <TriangleAlert size={16} aria-hidden="true" />
        </span>
      ) : null}
    </section>
  );
}
