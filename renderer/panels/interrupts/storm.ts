// What an interrupt storm is: many interrupts that bring next to nothing, for longer than a burst. All limits are here.

/** The rule. A vector that serves no queue brings no frames at all, so few interrupts are many; one whose frames nobody counts is judged by its interrupts alone. */
export const stormRule = {
  interruptsPerSecond: 10_000,
  /** Frames that an interrupt brings, below which it was not worth it. */
  framesPerInterrupt: 0.5,
  interruptsPerSecondWithoutQueue: 1_000,
  interruptsPerSecondUncounted: 80_000,
  seconds: 2,
} as const;

/** One vector at an instant. `framesPerSecond` is null where nobody counts frames of its queues. */
export interface StormReading {
  /** Since boot. */
  readonly seconds: number;
  /** Null where the counter started anew. */
  readonly interruptsPerSecond: number | null;
  readonly framesPerSecond: number | null;
}

/** A storm that goes on, as it was at its newest reading. */
export interface Storm {
  readonly sinceSeconds: number;
  readonly interruptsPerSecond: number;
  /** Null where it is not known. */
  readonly framesPerInterrupt: number | null;
}

function isStormy({ interruptsPerSecond, framesPerSecond }: StormReading, hasQueue: boolean): boolean {
  if (interruptsPerSecond === null) return false;
  if (!hasQueue) return interruptsPerSecond > stormRule.interruptsPerSecondWithoutQueue;
  if (framesPerSecond === null) return interruptsPerSecond > stormRule.interruptsPerSecondUncounted;
  return interruptsPerSecond > stormRule.interruptsPerSecond && framesPerSecond < stormRule.framesPerInterrupt * interruptsPerSecond;
}

/** The storm that a vector is in at the newest of its readings, which are in the order of time; null while it is in none. */
export function findStorm(readings: readonly StormReading[], hasQueue: boolean): Storm | null {
  const newest = readings.at(-1);
  if (!newest || newest.interruptsPerSecond === null) return null;
  let sinceSeconds: number | null = null;
  for (let at = readings.length - 1; at >= 0; at -= 1) {
    const reading = readings[at];
    if (!reading || !isStormy(reading, hasQueue)) break;
    sinceSeconds = reading.seconds;
  }
  if (sinceSeconds === null || newest.seconds - sinceSeconds < stormRule.seconds) return null;
  const { interruptsPerSecond, framesPerSecond } = newest;
  const framesPerInterrupt = !hasQueue ? 0 : framesPerSecond === null ? null : framesPerSecond / interruptsPerSecond;
  return { sinceSeconds, interruptsPerSecond, framesPerInterrupt };
}
