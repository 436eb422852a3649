// Rows: the window's frames while eight queue pairs of 4096 descriptors change twenty times a second.
import { measureQueueFrames } from '../queue-frames.ts';
import { percentile } from '../report.ts';
import type { BenchRow } from './row.ts';

const seconds = 15;
const slotMs = 1000 / 60;

/**
 * How long the screen showed a frame. A screen of 60 Hz changes every 16.67 ms; the browser rounds its time stamps to a tenth of a millisecond and more, so
 * that frames which miss nothing come at 16.6 and 16.7 ms in turn. A frame that missed its turn counts as two of them or more.
 */
export const shownMs = (betweenMs: number): number => Math.max(1, Math.round(betweenMs / slotMs)) * slotMs;

export const queueFrames: BenchRow = {
  id: 'queue-frames',
  goals: [
    { row: '8 queue pairs × 4096 descriptors at 20 Hz: frame, p95', unit: 'ms', goal: 16.7, bound: 'below' },
    { row: '8 queue pairs × 4096 descriptors at 20 Hz: long tasks', unit: '', goal: 0, bound: 'most' },
  ],
  async measure() {
    const { frames, longTasks, mostRanMs, scriptMs, layoutMs, taskMs, snapshotsPerSecond } = await measureQueueFrames(seconds);
    const shown = frames.map(shownMs);
    const missed = shown.filter((ms) => ms > slotMs * 1.5).length;
    const longest = longTasks.reduce((most, { tookMs }) => Math.max(most, tookMs), 0);
    const tasks =
      longTasks.length === 0
        ? 'no task took 50 ms'
        : `the longest task took ${longest.toFixed(0)} ms; ${longTasks.filter(({ ranMs }) => ranMs > 50).length} of the long ones ran for so long, the others waited for a processor`;
    return {
      values: [percentile(shown, 0.95), longTasks.length],
      note: `${frames.length} frames in ${seconds} s, ${missed} late, the latest after ${percentile(frames, 1).toFixed(0)} ms; ${tasks}; the most that one ran is ${mostRanMs.toFixed(0)} ms; of a second script takes ${scriptMs.toFixed(0)} ms, style and layout ${layoutMs.toFixed(0)} ms, the main thread ${taskMs.toFixed(0)} ms; ${snapshotsPerSecond.toFixed(0)} snapshots painted a second`,
    };
  },
};
