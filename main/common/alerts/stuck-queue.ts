// A queue that has work and does not move: neither the card nor the driver gets on with it.
import { evidence, type Finding, queueName } from '#common/alerts/alert.ts';
import type { Detector } from '#common/alerts/detector.ts';
import type { Fact } from '#common/alerts/fact.ts';
import { type PendingWork, pendingWork } from '#common/alerts/pending-work.ts';
import type { RingSnapshot } from '#common/layouts/snapshot.ts';

/** When a queue counts as stuck. */
export interface StuckQueueThresholds {
  /** Work has waited this long without any movement. */
  readonly forMs: number;
  /** Seen in so many successive snapshots: a busy ring may stand at the same index twice by going around. */
  readonly leastSnapshots: number;
}

export const stuckQueueThresholds: StuckQueueThresholds = { forMs: 1000, leastSnapshots: 4 };

interface Standing {
  readonly signature: string;
  readonly sinceSeconds: number;
  readonly snapshots: number;
  readonly isTold: boolean;
}

const whoWaits: Readonly<Record<PendingWork['waiting'], (kind: 'rx' | 'tx') => string>> = {
  card: () => 'the card does not fetch them',
  driver: () => 'the driver does not clean them',
  doorbell: (kind) => `the driver has not told the card (${kind === 'rx' ? 'RDT' : 'TDT'} is behind next_to_use)`,
};

// Only the index that has to move: what is posted behind it, or written back ahead of it, is no sign of life.
const signatureOf = ({ generation }: RingSnapshot, { waiting, at }: PendingWork): string => `${generation} ${waiting} ${at}`;

function moved({ before, after }: RingSnapshot, { waiting }: PendingWork): boolean {
  if (waiting === 'card') return before.head !== after.head;
  return waiting === 'driver' ? before.nextToClean !== after.nextToClean : before.tail !== after.tail;
}

/** Needs ring snapshots. */
export class StuckQueueDetector implements Detector {
  readonly kinds = ['ring'] as const;
  readonly #thresholds: StuckQueueThresholds;
  readonly #standing = new Map<string, Standing>();

  constructor(thresholds: StuckQueueThresholds = stuckQueueThresholds) {
    this.#thresholds = thresholds;
  }

  take(fact: Fact): readonly Finding[] {
    if (fact.kind === 'restart') this.#standing.clear();
    if (fact.kind !== 'ring') return [];
    const { ring, atSeconds } = fact;
    const queue = queueName(ring.kind, ring.index);
    const key = `${ring.device} ${queue}`;
    const before = this.#standing.get(key);
    const work = pendingWork(ring);
    if (!work || moved(ring, work) || before?.signature !== signatureOf(ring, work)) {
      if (work && !moved(ring, work))
        this.#standing.set(key, { signature: signatureOf(ring, work), sinceSeconds: atSeconds, snapshots: 1, isTold: false });
      else this.#standing.delete(key);
      return before?.isTold ? [{ holds: false, rule: 'queue-stuck', device: ring.device, queue, atSeconds }] : [];
    }
    const stood = { ...before, snapshots: before.snapshots + 1 };
    const standsMs = (atSeconds - stood.sinceSeconds) * 1000;
    const isStuck = standsMs >= this.#thresholds.forMs && stood.snapshots >= this.#thresholds.leastSnapshots;
    this.#standing.set(key, { ...stood, isTold: isStuck });
    if (!isStuck) return [];
    const [head, tail] = ring.kind === 'rx' ? ['RDH', 'RDT'] : ['TDH', 'TDT'];
    return [
      {
        holds: true,
        rule: 'queue-stuck',
        device: ring.device,
        queue,
        severity: 'error',
        sinceSeconds: stood.sinceSeconds,
        atSeconds,
        text: `${ring.kind.toUpperCase()} queue ${ring.index} is stuck: ${work.descriptors} descriptors wait, and ${whoWaits[work.waiting](ring.kind)}.`,
        evidence: [
          evidence('no movement for', Math.round(standsMs), 'ms', atSeconds),
          evidence('snapshots without movement', stood.snapshots, '', atSeconds),
          evidence('waiting descriptors', work.descriptors, '', atSeconds),
          evidence(head, ring.after.head, '', atSeconds),
          evidence(tail, ring.after.tail, '', atSeconds),
          evidence('next_to_use', ring.after.nextToUse, '', atSeconds),
          evidence('next_to_clean', ring.after.nextToClean, '', atSeconds),
        ],
      },
    ];
  }
}
