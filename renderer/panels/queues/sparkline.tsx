// Two small curves in one cell, receive above transmit, over the last minute. Drawn without React.

import { type MouseEvent, useRef } from 'react';
import { ageAtSeconds, type Curve } from '../../state/series.ts';
import { useModel } from '../../ui/model-context.tsx';
import { type Subscribe, usePaintedCanvas } from '../../ui/painted-canvas.ts';

/** Seconds that are shown. */
export const shownSeconds = 60;

/** A pixel of the curve is most of a second. */
const curveMs = 300;

/** What one half of the cell draws. */
export interface SparkLine {
  readonly curve: Curve | null;
  /** What is drawn at full height; null for the highest value that is shown. */
  readonly highest: number | null;
}

const highestOf = (curve: Curve, from: number, to: number): number => {
  let highest = 0;
  for (let age = ageAtSeconds(curve, to); age < curve.length && curve.secondsAt(age) >= from; age += 1) {
    const value = curve.valueAt(age);
    // What is not known is no height.
    if (value > highest) highest = value;
  }
  return highest;
};

/** Draws a filled curve into a box, of the last `seconds` before `now`. */
export function drawCurve(
  context: CanvasRenderingContext2D,
  curve: Curve,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  { now, highest, line, area, seconds = shownSeconds }: { now: number; highest: number; line: string; area: string; seconds?: number },
): void {
  // While the screen stands still, what came since then is not shown.
  const first = ageAtSeconds(curve, now);
  if (first >= curve.length || highest <= 0) return;
  const xOf = (at: number) => box.x + box.width * (1 - Math.min(seconds, Math.max(0, now - at)) / seconds);
  const yOf = (value: number) => box.y + box.height * (1 - Math.min(1, value / highest));
  const newest = curve.valueAt(first);
  context.beginPath();
  let x = xOf(now);
  context.moveTo(x, yOf(Number.isNaN(newest) ? 0 : newest));
  for (let age = first; age < curve.length; age += 1) {
    const value = curve.valueAt(age);
    if (Number.isNaN(value)) continue;
    x = xOf(curve.secondsAt(age));
    context.lineTo(x, yOf(value));
    if (now - curve.secondsAt(age) > seconds) break;
  }
  context.strokeStyle = line;
  context.lineWidth = 1;
  context.stroke();
  context.lineTo(x, box.y + box.height);
  context.lineTo(xOf(now), box.y + box.height);
  context.closePath();
  context.fillStyle = area;
  context.globalAlpha = 0.5;
  context.fill();
  context.globalAlpha = 1;
}

/** The cell. `linesOf` is asked with each drawing; `nowOf` is the instant at its right edge. */
export function Sparkline({
  name,
  sources,
  nowOf,
  linesOf,
}: {
  name: string;
  sources: readonly Subscribe[];
  nowOf: () => number;
  linesOf: () => readonly SparkLine[];
}) {
  const { time } = useModel();
  const prompt = useRef([time.subscribe]);
  const place = usePaintedCanvas({ prompt: prompt.current, paced: sources, everyMs: curveMs }, ({ context, width, height, colours }) => {
    const lines = linesOf();
    const now = nowOf();
    const each = height / Math.max(1, lines.length);
    for (const [at, { curve, highest }] of lines.entries()) {
      const box = { x: 0, y: at * each + 2, width, height: each - 4 };
      context.fillStyle = colours.line;
      context.fillRect(0, box.y + box.height, width, 1);
      if (!curve) continue;
      const top = highest ?? highestOf(curve, now - shownSeconds, now);
      drawCurve(context, curve, box, { now, highest: top, line: colours['text-soft'], area: colours['surface-raised'] });
    }
    const { hoveredSeconds, chosenSeconds } = time.getState();
    context.fillStyle = colours.text;
    for (const at of [chosenSeconds, hoveredSeconds]) {
      if (at !== null && at <= now && now - at <= shownSeconds) context.fillRect(width * (1 - (now - at) / shownSeconds), 0, 1, height);
    }
  });
  const onMouseMove = ({ clientX, currentTarget }: MouseEvent<HTMLCanvasElement>) => {
    const box = currentTarget.getBoundingClientRect();
    time.setState({ hoveredSeconds: nowOf() - shownSeconds * (1 - (clientX - box.left) / Math.max(1, box.width)) });
  };
  return (
    <canvas
      ref={place}
      className="sparkline"
      role="img"
      aria-label={name}
      onMouseMove={onMouseMove}
      onMouseLeave={() => time.setState({ hoveredSeconds: null })}
    />
  );
}
