// The timeline's pixels: frames a second, interrupts a second, marks, and the time below them.
import type { TimePoints, TimeRange } from '../../state/time-store.ts';
import { ticksOf } from '../../state/time-window.ts';
import type { LogMark, MarkSeverity, TimelineMark } from '../../state/timeline-marks.ts';
import { formatCount } from '../../ui/format.ts';

/** Height of the strip in CSS pixels. */
export const stripHeight = 64;
const frames = { top: 3, bottom: 30 } as const;
const interrupts = { top: 32, bottom: 42 } as const;
const marksMiddle = 47;
const marksBottom = 52;
const labelsBottom = 62;

/** All that is drawn. */
export interface Drawn {
  readonly range: TimeRange;
  readonly received: TimePoints;
  readonly sent: TimePoints;
  readonly interrupts: TimePoints;
  readonly log: readonly LogMark[];
  readonly marks: readonly TimelineMark[];
  /** Instants with a letter, such as A and B of a comparison. */
  readonly letters: readonly { readonly seconds: number; readonly letter: string }[];
  /** From where the labels below count: ticks are round from there. */
  readonly originSeconds: number;
  readonly timeWord: (seconds: number) => string;
  /** The colour of a token. */
  readonly colour: (token: string) => string;
}

/** The next of 1, 2, 5, 10, … times a power of ten: a scale that does not move with every frame. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 10;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= value * (1 - 1e-9)) ?? 10 * power;
}

/** The highest value within what is in sight. */
export function highest({ seconds, values }: TimePoints, { from, to }: TimeRange): number {
  let most = 0;
  for (let index = 0; index < seconds.length; index += 1) {
    const at = seconds[index] ?? 0;
    const value = values[index] ?? 0;
    if (at >= from && at <= to && value > most) most = value;
  }
  return most;
}

type Lane = { readonly top: number; readonly bottom: number };

class Pen {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly #range: TimeRange;
  /** The colour of a token. */
  readonly colour: (token: string) => string;

  constructor(context: CanvasRenderingContext2D, width: number, range: TimeRange, colour: (token: string) => string) {
    this.context = context;
    this.width = width;
    this.#range = range;
    this.colour = colour;
  }

  x(seconds: number): number {
    return (this.width * (seconds - this.#range.from)) / (this.#range.to - this.#range.from);
  }

  isSeen(seconds: number): boolean {
    return seconds >= this.#range.from && seconds <= this.#range.to;
  }

  /** A line, or the area below it. */
  line({ seconds, values }: TimePoints, most: number, { top, bottom }: Lane, isArea: boolean): void {
    const { context } = this;
    const y = (value: number) => bottom - (bottom - top) * Math.min(1, value / most);
    let begun: number | null = null;
    let last = 0;
    const close = () => {
      if (begun !== null && isArea) {
        context.lineTo(last, bottom);
        context.lineTo(begun, bottom);
      }
      begun = null;
    };
    context.beginPath();
    for (let index = 0; index < seconds.length; index += 1) {
      const value = values[index] ?? null;
      if (value === null) {
        close();
        continue;
      }
      const x = this.x(seconds[index] ?? 0);
      if (begun === null) {
        begun = x;
        context.moveTo(x, isArea ? bottom : y(value));
      }
      context.lineTo(x, y(value));
      last = x;
    }
    close();
    if (isArea) context.fill();
    else context.stroke();
  }
}

const tokenOf: Readonly<Record<MarkSeverity, string>> = { info: 'text-soft', warning: 'done', error: 'error' };

/** A diamond for what is only told, a triangle for a warning, a cross for an error: nobody needs the colour. */
function drawMark({ context }: Pen, x: number, severity: MarkSeverity): void {
  context.beginPath();
  if (severity === 'error') {
    context.moveTo(x - 4, marksMiddle - 4);
    context.lineTo(x + 4, marksMiddle + 4);
    context.moveTo(x + 4, marksMiddle - 4);
    context.lineTo(x - 4, marksMiddle + 4);
    context.stroke();
    return;
  }
  context.moveTo(x, marksMiddle - 4);
  context.lineTo(x + 4, severity === 'warning' ? marksMiddle + 4 : marksMiddle);
  if (severity === 'info') context.lineTo(x, marksMiddle + 4);
  context.lineTo(x - 4, severity === 'warning' ? marksMiddle + 4 : marksMiddle);
  context.closePath();
  context.fill();
}

function drawLog(pen: Pen, log: readonly LogMark[]): void {
  // The worse on top of the others.
  for (const severity of ['info', 'warning', 'error'] as const) {
    pen.context.fillStyle = pen.colour(severity === 'info' ? 'free' : tokenOf[severity]);
    const [width, height] = severity === 'info' ? [1, 3] : severity === 'warning' ? [2, 6] : [2, 10];
    let drawnTo = Number.NEGATIVE_INFINITY;
    for (const line of log) {
      if (line.severity !== severity || !pen.isSeen(line.seconds)) continue;
      const x = Math.round(pen.x(line.seconds));
      if (x <= drawnTo) continue;
      drawnTo = x;
      pen.context.fillRect(x, marksBottom - height, width, height);
    }
  }
}

/** Draws the strip, `width` in CSS pixels. Returns what its lanes reach up to, in frames and in interrupts a second. */
export function drawTimeline(
  canvas: HTMLCanvasElement,
  width: number,
  drawn: Drawn,
): { readonly frames: number; readonly interrupts: number } {
  const { range } = drawn;
  const most = {
    frames: niceCeiling(Math.max(highest(drawn.received, range), highest(drawn.sent, range))),
    interrupts: niceCeiling(highest(drawn.interrupts, range)),
  };
  const context = canvas.getContext('2d');
  if (!context || width === 0) return most;
  const scale = globalThis.devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
  if (canvas.height !== Math.round(stripHeight * scale)) canvas.height = Math.round(stripHeight * scale);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, stripHeight);
  const pen = new Pen(context, width, range, drawn.colour);
  const font = `10px ${pen.colour('number-font')}`;
  context.font = font;
  context.lineWidth = 1;
  const origin = drawn.originSeconds;
  for (const round of ticksOf({ from: range.from - origin, to: range.to - origin }, Math.max(2, Math.floor(width / 90)))) {
    const tick = origin + round;
    const x = Math.round(pen.x(tick)) + 0.5;
    context.strokeStyle = pen.colour('line');
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, marksBottom);
    context.stroke();
    context.fillStyle = pen.colour('text-soft');
    const word = drawn.timeWord(tick);
    // Half a number at the edge would be another number.
    if (x + 3 + context.measureText(word).width <= width) context.fillText(word, x + 3, labelsBottom);
  }
  context.fillStyle = pen.colour('free');
  pen.line(drawn.interrupts, most.interrupts, interrupts, true);
  context.lineWidth = 1.5;
  context.strokeStyle = pen.colour('hardware');
  pen.line(drawn.received, most.frames, frames, false);
  context.strokeStyle = pen.colour('done');
  context.setLineDash([4, 3]);
  pen.line(drawn.sent, most.frames, frames, false);
  context.setLineDash([]);
  drawLog(pen, drawn.log);
  for (const { seconds, severity } of drawn.marks) {
    if (!pen.isSeen(seconds)) continue;
    context.fillStyle = pen.colour(tokenOf[severity]);
    context.strokeStyle = context.fillStyle;
    drawMark(pen, pen.x(seconds), severity);
  }
  for (const { seconds, letter } of drawn.letters) {
    if (!pen.isSeen(seconds)) continue;
    const x = Math.round(pen.x(seconds));
    context.fillStyle = pen.colour('text');
    context.fillRect(x, 0, 1, marksBottom);
    context.fillRect(x, 0, 11, 12);
    context.fillStyle = pen.colour('surface');
    context.fillText(letter, x + 3, 9);
  }
  for (const [words, y] of [
    [`${formatCount(most.frames)} frames/s`, 11],
    [`${formatCount(most.interrupts)} irq/s`, 41],
  ] as const) {
    context.fillStyle = pen.colour('surface');
    context.fillRect(0, y - 9, context.measureText(words).width + 6, 11);
    context.fillStyle = pen.colour('text-soft');
    context.fillText(words, 3, y);
  }
  return most;
}
