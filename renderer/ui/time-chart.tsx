// A line chart over the one time axis that all panels share.
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { Source } from '../state/source.ts';
import { useModel } from './model-context.tsx';
import { usePaintedTheme } from './painted-theme.ts';
import { lineStyle, type TimeChartContent, TimeChartPlot } from './time-chart-plot.ts';

export type { TimeChartContent, TimeSeries } from './time-chart-plot.ts';

const stepPixels = 4;
const longStepPixels = 40;

/**
 * Lines over the visible stretch of time (`visibleRange`), with their values at the hovered, the chosen, or else the newest instant in a line above.
 *
 * ```tsx
 * <TimeChart
 *   name="Frames"
 *   unit="frames/s"
 *   series={[{ label: 'received', token: 'hardware' }, { label: 'sent', token: 'done', dash: [4, 3] }]}
 *   sources={[model.history]}
 *   points={(index, range, pixels) => model.history.rates([keys[index]], range, pixels)}
 *   height={120}
 * />
 * ```
 *
 * `points` gives seconds since boot and values in the order of time; null is a gap. It is called when one of `sources` changed, in the
 * animation frame, never while React renders, and may differ with each render. Lines have no colour of their own unless `token` says whose
 * they are: hue means ownership. The pointer sets `hoveredSeconds`, a click `chosenSeconds`; while the chart has the focus ← → step the chosen
 * instant (Shift: further), Home and End go to the edges, Escape lets go of it. Its label says the newest values. `height` is in pixels; without one it fills its place.
 */
export function TimeChart({
  sources,
  height,
  ...content
}: TimeChartContent & { readonly sources: readonly Source[]; readonly height?: number }) {
  const model = useModel();
  const theme = usePaintedTheme();
  const place = useRef<HTMLDivElement>(null);
  const readout = useRef<HTMLDivElement>(null);
  const plot = useRef<TimeChartPlot | null>(null);
  const newest = useRef(content);
  newest.current = content;
  const styles = JSON.stringify(content.series.map(lineStyle));
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme or style means a chart with other colours; sources are compared one by one
  useEffect(() => {
    if (!place.current || !readout.current) return undefined;
    const made = new TimeChartPlot(model, place.current, readout.current, newest.current, sources);
    plot.current = made;
    return () => {
      made.end();
      plot.current = null;
    };
  }, [model, theme, styles, ...sources]);
  useEffect(() => plot.current?.update(newest.current));
  const onKeyDown = (event: KeyboardEvent) => {
    const far = event.shiftKey ? longStepPixels : stepPixels;
    if (event.key === 'ArrowLeft') plot.current?.step(-far);
    else if (event.key === 'ArrowRight') plot.current?.step(far);
    else if (event.key === 'Home') plot.current?.chooseEdge('from');
    else if (event.key === 'End') plot.current?.chooseEdge('to');
    else if (event.key === 'Escape') model.time.setState({ chosenSeconds: null });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <figure className="time-chart" style={height === undefined ? undefined : { height }}>
      <div className="time-chart-key" ref={readout} aria-hidden="true">
        {content.series.map((series, index) => {
          const { token, dash } = lineStyle(series, index);
          return (
            <span key={series.label} title={series.label}>
              <svg width="22" height="8" aria-hidden="true">
                <line x1="0" x2="22" y1="4" y2="4" stroke={`var(--${token})`} strokeWidth="2" strokeDasharray={dash.join(' ')} />
              </svg>
              <span className="time-chart-label">{series.label}</span>
              <span className="number" data-value />
            </span>
          );
        })}
      </div>
      <div ref={place} className="time-chart-plot" role="img" tabIndex={0} aria-label={content.name} onKeyDown={onKeyDown} />
    </figure>
  );
}
