// Zooming and panning over the kept time: pure steps from one visible stretch to the next.
import type { TimeRange, TimeState } from './time-store.ts';

/** The shortest stretch that is shown. */
export const leastSpanSeconds = 10;

/** What can be shown at all: from the oldest kept instant to the newest. */
export type KeptTime = TimeRange;

/** The visible stretch as the store has it; `endSeconds` null follows the newest. */
export type TimeWindow = Pick<TimeState, 'spanSeconds' | 'endSeconds'>;

/** The longest stretch: all that is kept, and a minute while there is less. */
export const mostSpanSeconds = ({ from, to }: KeptTime): number => Math.max(60, to - from);

const spanWithin = (spanSeconds: number, kept: KeptTime): number =>
  Math.min(mostSpanSeconds(kept), Math.max(leastSpanSeconds, spanSeconds));

// This close to the newest instant the window follows it again.
const snapShare = 0.005;

function placed(endSeconds: number, spanSeconds: number, kept: KeptTime): TimeWindow {
  const end = Math.max(endSeconds, Math.min(kept.to, kept.from + spanSeconds));
  return { spanSeconds, endSeconds: end >= kept.to - spanSeconds * snapShare ? null : end };
}

/** Zooms by a factor (below 1 is nearer) about an instant that stays where it is; a window that follows the newest goes on doing so. */
export function zoomed(window: TimeWindow, factor: number, about: number, kept: KeptTime): TimeWindow {
  const spanSeconds = spanWithin(window.spanSeconds * factor, kept);
  if (window.endSeconds === null) return { spanSeconds, endSeconds: null };
  const right = window.endSeconds - about;
  return placed(about + (right * spanSeconds) / window.spanSeconds, spanSeconds, kept);
}

/** Moves by so many seconds; at the newest instant it follows again. */
export function panned({ spanSeconds, endSeconds }: TimeWindow, bySeconds: number, kept: KeptTime): TimeWindow {
  return placed((endSeconds ?? kept.to) + bySeconds, spanSeconds, kept);
}

/** Shows so much time, up to the same edge. */
export function spanned({ endSeconds }: TimeWindow, spanSeconds: number, kept: KeptTime): TimeWindow {
  const span = spanWithin(spanSeconds, kept);
  return endSeconds === null ? { spanSeconds: span, endSeconds } : placed(endSeconds, span, kept);
}

/** Moves as little as is needed to have an instant in sight. */
export function withInSight(window: TimeWindow, seconds: number, kept: KeptTime): TimeWindow {
  const to = window.endSeconds ?? kept.to;
  if (seconds > to) return panned(window, seconds - to, kept);
  if (seconds < to - window.spanSeconds) return panned(window, seconds - (to - window.spanSeconds), kept);
  return window;
}

const tickSteps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14_400] as const;

/** Round instants for labels, so many at the most. */
export function ticksOf({ from, to }: TimeRange, most: number): number[] {
  const step = tickSteps.find((one) => (to - from) / one <= most) ?? tickSteps[tickSteps.length - 1] ?? 1;
  const ticks: number[] = [];
  for (let index = Math.ceil(from / step); index * step <= to; index += 1) ticks.push(Number((index * step).toFixed(1)));
  return ticks;
}
