// The strip of the timeline: a slider over time that shows what happened.
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { formatDuration } from '../../ui/format.ts';
import { useModel, useSession } from '../../ui/model-context.tsx';
import { usePaintedTheme } from '../../ui/painted-theme.ts';
import type { TimelineAxis } from './timeline-axis.ts';
import { runTimelineKey } from './timeline-keys.ts';
import { TimelinePlot } from './timeline-plot.ts';

/** The strip, and beside it the values of the instant that is pointed at, chosen, or newest. */
export function TimelineStrip({ axis }: { axis: TimelineAxis }) {
  const model = useModel();
  const theme = usePaintedTheme();
  const isRecording = useSession((state) => state.replay !== null);
  const positionMs = useSession((state) => state.replay?.positionMs ?? 0);
  const durationMs = useSession((state) => state.replay?.durationMs ?? 0);
  const strip = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const hovered = useRef<HTMLDivElement>(null);
  const chosen = useRef<HTMLDivElement>(null);
  const position = useRef<HTMLDivElement>(null);
  const instant = useRef<HTMLSpanElement>(null);
  const frames = useRef<HTMLSpanElement>(null);
  const interrupts = useRef<HTMLSpanElement>(null);
  const plot = useRef<TimelinePlot | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme means other colours
  useEffect(() => {
    const [stripPlace, canvasPlace] = [strip.current, canvas.current];
    const [hoveredLine, chosenLine, positionLine] = [hovered.current, chosen.current, position.current];
    const [instantWord, framesWord, interruptsWord] = [instant.current, frames.current, interrupts.current];
    if (!stripPlace || !canvasPlace || !hoveredLine || !chosenLine || !positionLine) return undefined;
    if (!instantWord || !framesWord || !interruptsWord) return undefined;
    const made = new TimelinePlot(model, axis, {
      strip: stripPlace,
      canvas: canvasPlace,
      lines: { hovered: hoveredLine, chosen: chosenLine, position: positionLine },
      words: { instant: instantWord, frames: framesWord, interrupts: interruptsWord },
    });
    plot.current = made;
    return () => made.end();
  }, [model, axis, theme, isRecording]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !runTimelineKey(model, axis, event.key, event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
    plot.current?.invalidate();
  };
  return (
    <>
      <div
        key={isRecording ? 'recorded' : 'live'}
        ref={strip}
        className="timeline-strip"
        role="slider"
        tabIndex={0}
        aria-label={isRecording ? 'Position in the recording' : 'Timeline'}
        onKeyDown={onKeyDown}
        aria-valuemin={0}
        aria-valuemax={isRecording ? durationMs : 0}
        aria-valuenow={isRecording ? positionMs : 0}
        aria-valuetext={isRecording ? `${formatDuration(positionMs)} of ${formatDuration(durationMs)}` : 'no samples yet'}
      >
        <canvas ref={canvas} />
        <div ref={hovered} className="time-mark hovered" hidden />
        <div ref={chosen} className="time-mark chosen" hidden />
        <div ref={position} className="time-mark position" hidden />
      </div>
      <div className="timeline-words number" data-testid="timeline-words">
        <span ref={instant} title="Seconds since boot, as the kernel log counts them" />
        <span ref={frames} />
        <span ref={interrupts} className="soft" />
      </div>
    </>
  );
}
