// A minute of frames by queue, as the kernel or the driver counts them in observations: what a vector's interrupts are measured against.
import { frameCounters, ownCounters } from '#common/interrupts/queue-counters.ts';
import { type QueueName, queueKey } from '#common/interrupts/served-queues.ts';
import type { ObservationEvent } from '#common/protocol/observation.ts';

// Observations come once a second at the most, and seldom while nothing moves; some more for the rate at the oldest.
const capacity = 64;

/** Frames by queue in an observation; empty where nobody counts them by queue. */
export function framesByQueue({
  queueStatistics,
  ethtoolStatistics,
}: Pick<ObservationEvent, 'queueStatistics' | 'ethtoolStatistics'>): ReadonlyMap<string, number> {
  const frames = new Map<string, number>();
  for (const { kind, id, values } of queueStatistics.items) {
    const packets = values[`${kind}-packets`];
    if (packets !== undefined) frames.set(queueKey({ kind, id }), packets);
  }
  if (frames.size > 0) return frames;
  for (const [queue, counters] of ownCounters({ ethtoolStatistics })) {
    const name = frameCounters.find((one) => counters.has(one));
    if (name) frames.set(queue, counters.get(name) ?? 0);
  }
  return frames;
}

/** What was counted at one instant, in seconds since boot. */
export interface FrameReading {
  readonly seconds: number;
  readonly frames: ReadonlyMap<string, number>;
}

/** A rate, and the instants between which it was taken. */
export interface FrameRate {
  readonly framesPerSecond: number;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** Readings of one device, oldest first. */
export class FrameReadings {
  readonly #readings: FrameReading[] = [];

  /** Takes a reading; false for one that is not newer than the newest. */
  add(reading: FrameReading): boolean {
    if (reading.seconds <= (this.#readings.at(-1)?.seconds ?? Number.NEGATIVE_INFINITY)) return false;
    this.#readings.push(reading);
    if (this.#readings.length > capacity) this.#readings.shift();
    return true;
  }

  /** Frames a second of some queues together, by the newest two readings up to an instant; null where one of them is not counted. */
  rate(queues: readonly QueueName[], untilSeconds = Number.POSITIVE_INFINITY): FrameRate | null {
    let at = this.#readings.length - 1;
    while (at >= 0 && (this.#readings[at]?.seconds ?? 0) > untilSeconds) at -= 1;
    return between(this.#readings[at - 1], this.#readings[at], queues);
  }

  /** The same within a stretch, oldest first. */
  rates(
    queues: readonly QueueName[],
    { from, to }: { readonly from: number; readonly to: number },
  ): { readonly seconds: number[]; readonly values: (number | null)[] } {
    const points = { seconds: [] as number[], values: [] as (number | null)[] };
    this.#readings.forEach((reading, at) => {
      const isNear = (this.#readings[at + 1]?.seconds ?? to) >= from && (this.#readings[at - 1]?.seconds ?? from) <= to;
      if (!isNear || at === 0) return;
      points.seconds.push(reading.seconds);
      points.values.push(between(this.#readings[at - 1], reading, queues)?.framesPerSecond ?? null);
    });
    return points;
  }
}

function between(older: FrameReading | undefined, newer: FrameReading | undefined, queues: readonly QueueName[]): FrameRate | null {
  if (!older || !newer || queues.length === 0) return null;
  const seconds = newer.seconds - older.seconds;
  let framesPerSecond = 0;
  for (const queue of queues) {
    const [before, now] = [older.frames.get(queueKey(queue)), newer.frames.get(queueKey(queue))];
    // Counters that fell were started anew.
    if (before === undefined || now === undefined || now < before) return null;
    framesPerSecond += (now - before) / seconds;
  }
  return { framesPerSecond, fromSeconds: older.seconds, toSeconds: newer.seconds };
}
