// What a panel shows of a ring's events, found in one walk: the last lives of a slot, and how long all descriptors lived.
import { type DurationSpread, spreadOf } from './durations.ts';
import { lifeNs } from './latencies.ts';
import { followRing, type Notice, newestLives, noticeOf, type SlotLife, type TracedRing } from './slot-life.ts';
import type { TraceView } from './trace-view.ts';

/** A life, and the interrupt and poll of its end; null while it has none. */
export interface NoticedLife {
  readonly life: SlotLife;
  readonly notice: Notice | null;
}

/** See `slotLives`, `noticeOf` and `lifeTimes`. */
export interface RingReport {
  readonly lives: readonly NoticedLife[];
  readonly lifeTimes: DurationSpread;
}

/** Walks once through the events. `vector` is that of the ring's queue. */
export function ringReport(
  view: TraceView,
  ring: TracedRing,
  { slot, vector, count }: { slot: number; vector: number; count: number },
): RingReport {
  const lives: SlotLife[] = [];
  const durations: number[] = [];
  followRing(view, ring, (life) => {
    if (life.slot === slot) lives.push(life);
    const ns = lifeNs(ring, life);
    if (ns !== null) durations.push(ns);
  });
  const noticed = newestLives(lives, count).map((life) => ({
    life,
    notice: life.doneNs === null ? null : noticeOf(view, { queue: ring.queue, vector, doneNs: life.doneNs }),
  }));
  return { lives: noticed, lifeTimes: spreadOf(durations) };
}
