// How full the chosen ring was over the last minute. Pointing at an instant shows it in every panel; a click chooses it.
import { type MouseEvent, useRef } from 'react';
import { type Series, valueAtSeconds } from '../../state/series.ts';
import { useModel } from '../../ui/model-context.tsx';
import { type Painting, usePaintedCanvas } from '../../ui/painted-canvas.ts';
import { drawCurve, shownSeconds } from './sparkline.tsx';

/** Room for the numbers at the left. */
const left = 40;
const right = 6;

/** A pixel of the chart is about a tenth of a second. */
const chartMs = 100;

interface Instants {
  readonly hoveredSeconds: number | null;
  readonly chosenSeconds: number | null;
}

function drawInstant({ context, width, height, colours }: Painting, x: number, words: string, isDashed: boolean): void {
  context.strokeStyle = colours.text;
  context.lineWidth = 1;
  context.setLineDash(isDashed ? [3, 3] : []);
  context.beginPath();
  context.moveTo(x, 0);
  context.lineTo(x, height - 12);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = colours.text;
  const isLeft = x > width / 2;
  context.textAlign = isLeft ? 'right' : 'left';
  context.fillText(words, x + (isLeft ? -4 : 4), 10);
}

/** Draws the chart. `now` is the instant at its right edge. */
export function drawFill(painting: Painting, curve: Series, size: number, now: number, { hoveredSeconds, chosenSeconds }: Instants): void {
  const { context, width, height, colours } = painting;
  const box = { x: left, y: 3, width: width - left - right, height: height - 18 };
  context.font = '11px system-ui';
  context.lineWidth = 1;
  for (const part of [0, 0.5, 1]) {
    const y = Math.round(box.y + box.height * (1 - part)) + 0.5;
    context.strokeStyle = colours.line;
    context.beginPath();
    context.moveTo(box.x, y);
    context.lineTo(box.x + box.width, y);
    context.stroke();
    context.fillStyle = colours['text-soft'];
    context.textAlign = 'right';
    context.fillText(String(Math.round(size * part)), left - 4, y + 4);
  }
  for (const [part, ago] of [-60, -45, -30, -15].entries()) {
    context.textAlign = part === 0 ? 'left' : 'center';
    context.fillText(`\u2212${-ago} s`, box.x + box.width * (1 + ago / shownSeconds), height - 3);
  }
  drawCurve(context, curve, box, { now, highest: size, line: colours.hardware, area: colours.selection });
  const xOf = (at: number) => box.x + box.width * (1 - (now - at) / shownSeconds);
  const isShown = (at: number | null): at is number => at !== null && at <= now && now - at <= shownSeconds;
  const words = (at: number) => {
    const used = valueAtSeconds(curve, at);
    return Number.isNaN(used) ? 'nothing kept' : `${used} in use at ${at.toFixed(3)} s`;
  };
  if (isShown(chosenSeconds)) drawInstant(painting, xOf(chosenSeconds), words(chosenSeconds), false);
  if (isShown(hoveredSeconds)) drawInstant(painting, xOf(hoveredSeconds), words(hoveredSeconds), true);
}

/** The chart. `curveOf` gives the fill level as it is kept. */
export function FillChart({ name, size, curveOf }: { name: string; size: number; curveOf: () => Series | null }) {
  const { queues, time } = useModel();
  const prompt = useRef([time.subscribe]);
  const paced = useRef([queues.subscribe]);
  const place = usePaintedCanvas({ prompt: prompt.current, paced: paced.current, everyMs: chartMs }, (painting) => {
    const curve = curveOf();
    if (curve && curve.length > 0) drawFill(painting, curve, size, time.getState().pausedSeconds ?? curve.secondsAt(0), time.getState());
  });
  const secondsAt = ({ clientX, currentTarget }: MouseEvent<HTMLCanvasElement>): number | null => {
    const now = time.getState().pausedSeconds ?? curveOf()?.secondsAt(0) ?? Number.NaN;
    const box = currentTarget.getBoundingClientRect();
    const part = (clientX - box.left - left) / (box.width - left - right);
    return Number.isNaN(now) || part < 0 || part > 1 ? null : now - shownSeconds * (1 - part);
  };
  return (
    <canvas
      ref={place}
      className="fill-chart"
      role="img"
      aria-label={name}
      onMouseMove={(event) => time.setState({ hoveredSeconds: secondsAt(event) })}
      onMouseLeave={() => time.setState({ hoveredSeconds: null })}
      onClick={(event) => time.setState({ chosenSeconds: secondsAt(event) })}
    />
  );
}
