// What an interrupt storm is: many interrupts that bring next to nothing, for longer than a burst. All limits are here.

/** The rule. */
export const stormRule = {
  interruptsPerSecond: 5_000,
  /** Frames that an interrupt brings, below which it was not worth it. */
  framesPerInterrupt: 0.5,
  /** The share of interrupts that found nothing to do, from which on they were not worth it. */
  spuriousShare: 0.5,
  /** A vector that serves no queue brings no frames at all, so few interrupts are many. */
  interruptsPerSecondWithoutQueue: 1_000,
  /** One of which nobody knows what it brings is judged by its interrupts alone: the shortest moderation in use (EITR 56) lets 70,000 through. */
  interruptsPerSecondUncounted: 80_000,
  seconds: 2,
  /** It is over below this share of what begins it, so that it does not come and go. */
  overShare: 0.8,
} as const;

/** One vector over a stretch of time, which ends at `atSeconds` since boot. */
export interface StormReading {
  readonly fromSeconds: number;
  readonly atSeconds: number;
  readonly interruptsPerSecond: number;
  /** Whether it serves queues; null where nobody tells. */
  readonly servesQueues: boolean | null;
  /** Frames of its queues; null where nobody counts them. */
  readonly framesPerSecond: number | null;
  /** The share of its interrupts that found nothing to do, 0 to 1; null where nobody counts them. */
  readonly spuriousShare: number | null;
}

/** How far a reading is a storm: 1 is as much as begins one. */
export function stormShare({ interruptsPerSecond, servesQueues, framesPerSecond, spuriousShare }: StormReading): number {
  if (servesQueues === false) return interruptsPerSecond / stormRule.interruptsPerSecondWithoutQueue;
  const isCounted = spuriousShare !== null || (servesQueues === true && framesPerSecond !== null);
  if (!isCounted) return interruptsPerSecond / stormRule.interruptsPerSecondUncounted;
  const byFrames =
    servesQueues && framesPerSecond !== null ? (stormRule.framesPerInterrupt * interruptsPerSecond) / Math.max(framesPerSecond, 1) : 0;
  const bySpurious = spuriousShare === null ? 0 : spuriousShare / stormRule.spuriousShare;
  return Math.min(interruptsPerSecond / stormRule.interruptsPerSecond, Math.max(byFrames, bySpurious));
}

/** Follows one vector. */
export class StormTrack {
  #sinceSeconds: number | null = null;
  #isStorm = false;

  /** Takes the readings in the order of time; since when the storm goes on, or null while there is none. */
  take(reading: StormReading): number | null {
    const share = stormShare(reading);
    if (share < (this.#isStorm ? stormRule.overShare : 1)) {
      this.#sinceSeconds = null;
      this.#isStorm = false;
      return null;
    }
    this.#sinceSeconds ??= reading.fromSeconds;
    // Stretches end where samples lie, some of them a hair short of their second.
    this.#isStorm ||= reading.atSeconds - this.#sinceSeconds >= stormRule.seconds - 0.01;
    return this.#isStorm ? this.#sinceSeconds : null;
  }
}
