// What one vector does at an instant, from the kept minute: interrupts against frames.
import type { QueueFrames } from '../../state/queue-frames.ts';
import type { TimeState } from '../../state/time-store.ts';
import type { VectorHistory } from '../../state/vector-history.ts';
import type { VectorRow } from './vector-rows.ts';

/** Where it is read from. `device` is a PCI address. */
export interface Measured {
  readonly vectorHistory: VectorHistory;
  readonly queueFrames: QueueFrames;
  readonly device: string | null;
}

/** The age of the sample that is shown: the newest; while the screen stands still that of the paused instant, or of one that was chosen before it. Infinite when it is not kept any more. */
export function shownAge(history: VectorHistory, { pausedSeconds, chosenSeconds }: TimeState): number {
  if (pausedSeconds === null) return 0;
  const instant = chosenSeconds === null ? pausedSeconds : Math.min(chosenSeconds, pausedSeconds);
  const age = history.ageAt(instant);
  return history.secondsAt(age) <= instant ? age : Number.POSITIVE_INFINITY;
}

/** Whether another instant is shown than before. */
export const isShownOtherwise = (now: TimeState, before: TimeState): boolean =>
  now.pausedSeconds !== before.pausedSeconds || (now.pausedSeconds !== null && now.chosenSeconds !== before.chosenSeconds);

/** Frames that one interrupt of a vector brought, by the last two readings of its queues; null where nobody counts them, or nothing interrupted. */
export function framesPerInterrupt({ vectorHistory, queueFrames, device }: Measured, vector: VectorRow, age: number): number | null {
  const frames = device === null || !Number.isFinite(age) ? null : queueFrames.rate(device, vector.queues, vectorHistory.secondsAt(age));
  if (!frames) return null;
  const interrupts = vectorHistory.vectorRateBetween(vector.row, frames.fromSeconds, frames.toSeconds);
  return interrupts === null || interrupts === 0 ? null : frames.framesPerSecond / interrupts;
}
