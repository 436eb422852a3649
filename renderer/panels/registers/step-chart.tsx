// A register's values over time as steps: a register keeps its value until it has another, so nothing is drawn between two.
import { type PointerEvent, useEffect, useRef } from 'react';
import type { RegisterHistory, RegisterTracker } from '../../state/register-tracker.ts';
import { useModel } from '../../ui/model-context.tsx';
import { usePaintedTheme } from '../../ui/painted-theme.ts';

/** Pixels. */
export const chartHeight = 36;
const margin = 3;
// A chart of a moment would be all change.
const shortestSeconds = 10;

/** Seconds at the left and at the right edge. */
export function spanOf({ seconds }: Pick<RegisterHistory, 'seconds'>): readonly [number, number] {
  const newest = seconds.at(-1) ?? 0;
  return [Math.min(seconds[0] ?? newest, newest - shortestSeconds), newest];
}

/** Lowest and highest value; one that never changed gets room on both sides. */
export function rangeOf({ values }: Pick<RegisterHistory, 'values'>): readonly [number, number] {
  let [low, high] = [values[0] ?? 0, values[0] ?? 0];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low === high ? [low - 1, high + 1] : [low, high];
}

/** The corners of the steps from left to right, in units of the whole width and height, y down. */
export function stepsOf(history: RegisterHistory): Float64Array {
  const [from, to] = spanOf(history);
  const [low, high] = rangeOf(history);
  const { seconds, values } = history;
  const corners = new Float64Array(values.length * 4);
  for (let index = 0; index < values.length; index += 1) {
    const x = ((seconds[index] ?? 0) - from) / (to - from);
    const until = ((seconds[index + 1] ?? to) - from) / (to - from);
    const y = 1 - ((values[index] ?? 0) - low) / (high - low);
    corners.set([x, y, until, y], index * 4);
  }
  return corners;
}

function draw(
  canvas: HTMLCanvasElement,
  history: RegisterHistory,
  marks: readonly { readonly seconds: number; readonly isChosen: boolean }[],
): void {
  const context = canvas.getContext('2d');
  const width = canvas.clientWidth;
  if (!context || width === 0) return;
  const scale = globalThis.devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(chartHeight * scale);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const height = chartHeight - 2 * margin;
  const corners = stepsOf(history);
  context.strokeStyle = colour('text');
  context.lineWidth = 1.5;
  context.beginPath();
  for (let at = 0; at < corners.length; at += 2) {
    const x = (corners[at] ?? 0) * width;
    const y = margin + (corners[at + 1] ?? 0) * height;
    if (at === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.stroke();
  const [from, to] = spanOf(history);
  context.lineWidth = 1;
  for (const { seconds, isChosen } of marks) {
    const x = ((seconds - from) / (to - from)) * width;
    if (x < 0 || x > width) continue;
    context.strokeStyle = colour(isChosen ? 'accent' : 'text-soft');
    context.setLineDash(isChosen ? [] : [3, 3]);
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, chartHeight);
    context.stroke();
  }
  context.setLineDash([]);
}

/** The chart. It draws by itself when something was read, or when an instant is pointed at anywhere in the window. */
export function StepChart({ tracker, device, offset, name }: { tracker: RegisterTracker; device: string; offset: number; name: string }) {
  const { time, loop } = useModel();
  const place = useRef<HTMLCanvasElement>(null);
  const theme = usePaintedTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme is drawn with other colours
  useEffect(() => {
    const canvas = place.current;
    if (!canvas) return;
    const paint = () => {
      const history = tracker.get(device)?.history(offset);
      if (!history) return;
      const { hoveredSeconds, chosenSeconds } = time.getState();
      const marks = [
        { seconds: hoveredSeconds, isChosen: false },
        { seconds: chosenSeconds, isChosen: true },
      ].flatMap(({ seconds, isChosen }) => (seconds === null ? [] : [{ seconds, isChosen }]));
      draw(canvas, history, marks);
    };
    const invalidate = () => loop.invalidate(paint);
    const ends = [tracker.subscribe(invalidate), time.subscribe(invalidate)];
    const resize = new ResizeObserver(invalidate);
    resize.observe(canvas);
    invalidate();
    return () => {
      resize.disconnect();
      for (const end of ends) end();
    };
  }, [tracker, device, offset, time, loop, theme]);
  const secondsAt = (event: PointerEvent<HTMLCanvasElement>): number | null => {
    const history = tracker.get(device)?.history(offset);
    const box = event.currentTarget.getBoundingClientRect();
    if (!history || history.seconds.length === 0 || box.width === 0) return null;
    const [from, to] = spanOf(history);
    return from + ((event.clientX - box.left) / box.width) * (to - from);
  };
  return (
    <canvas
      ref={place}
      className="step-chart"
      style={{ height: chartHeight }}
      role="img"
      aria-label={`${name} over time`}
      onPointerMove={(event) => time.setState({ hoveredSeconds: secondsAt(event) })}
      onPointerLeave={() => time.setState({ hoveredSeconds: null })}
      onPointerDown={(event) => time.setState({ chosenSeconds: secondsAt(event) })}
    />
  );
}
