// An instant on the timeline in words: as a recording counts, or as the kernel does.
import type { WindowModel } from '../../state/window-model.ts';
import { formatDuration } from '../../ui/format.ts';
import { recordingStart } from './timeline-axis.ts';

/** Within a recording since its start; live in seconds since boot, as the kernel log counts them. */
export function timeWord(model: WindowModel, seconds: number): string {
  const start = recordingStart(model);
  if (start !== null) return formatDuration((seconds - start) * 1000);
  return `${Number(seconds.toFixed(1))} s`.replace('-', '\u2212');
}

/** A length of time as it is chosen: `10 s`, `5 min`, `2 h`. */
export function spanWord(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Number((seconds / 60).toFixed(1))} min`;
  return `${Number((seconds / 3600).toFixed(1))} h`;
}
