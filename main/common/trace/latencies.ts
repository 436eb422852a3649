// How long descriptors live, and how long a poll takes to come after its interrupt.
import { type DurationSpread, spreadOf } from './durations.ts';
import { completeOrStarved, traceKinds } from './event-kinds.ts';
import { followRing, type SlotLife, type TracedRing } from './slot-life.ts';
import type { TraceView } from './trace-view.ts';

/** Of a sent descriptor: from its post until the driver saw it done. Of a received one: from there until the card has the slot again. Null where that is not known. */
export function lifeNs({ kind }: TracedRing, { postedNs, doneNs, refilledNs }: SlotLife): number | null {
  if (doneNs === null) return null;
  if (kind === 'tx') return doneNs - postedNs;
  return refilledNs === null ? null : refilledNs - doneNs;
}

/** How `lifeNs` is spread over all descriptors of a queue. */
export function lifeTimes(view: TraceView, ring: TracedRing): DurationSpread {
  const durations: number[] = [];
  followRing(view, ring, (life) => {
    const ns = lifeNs(ring, life);
    if (ns !== null) durations.push(ns);
  });
  return spreadOf(durations);
}

const pollSigns: readonly number[] = [traceKinds.rxDone, traceKinds.txDone, traceKinds.poll];

/**
 * From the handler of a vector until its queue's poll shows: the first descriptor that it sees done, or its end when it sees none. The driver has no tracepoint
 * at a poll's begin, so this is an upper bound. Interrupts that came while the one before still waited for its poll count once, from the first.
 */
export function interruptToPoll(view: TraceView, { vector, queue }: { vector: number; queue: number }): DurationSpread {
  const durations: number[] = [];
  let irqNs: number | null = null;
  for (let at = 0; at < view.length; at += 1) {
    const kind = view.kind(at);
    if (kind === traceKinds.irq && view.queue(at) === vector) irqNs ??= view.timeNs(at);
    else if (irqNs !== null && pollSigns.includes(kind) && view.queue(at) === queue) {
      durations.push(view.timeNs(at) - irqNs);
      irqNs = null;
    }
  }
  return spreadOf(durations);
}

/** One poll, at its end. */
export interface PollRun {
  readonly timeNs: number;
  readonly cpu: number;
  readonly received: number;
  readonly cleaned: number;
  readonly budget: number;
  /** There was more to do than the budget allows, so that it is polled again without an interrupt. */
  readonly isExhausted: boolean;
}

/** The last `count` polls of a queue, newest first. */
export function pollsOf(view: TraceView, queue: number, count: number): PollRun[] {
  const polls: PollRun[] = [];
  for (let at = view.length - 1; at >= 0 && polls.length < count; at -= 1) {
    if (view.kind(at) !== traceKinds.poll || view.queue(at) !== queue) continue;
    const budget = view.third(at);
    polls.push({
      timeNs: view.timeNs(at),
      cpu: view.cpu(at),
      received: view.first(at),
      cleaned: view.second(at),
      budget,
      // netpoll polls without a budget, which is nothing that could be used up.
      isExhausted: budget > 0 && (view.flags(at) & completeOrStarved) === 0,
    });
  }
  return polls;
}
