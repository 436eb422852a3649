// Frames that the card had no room for: its counters of missed frames rise, or a receive ring stays without a descriptor for it.
import { evidence, type Finding, queueName } from '#common/alerts/alert.ts';
import { CounterRises } from '#common/alerts/counter-rises.ts';
import type { Detector, Situation } from '#common/alerts/detector.ts';
import type { Fact } from '#common/alerts/fact.ts';
import { isOutOfDescriptors } from '#common/alerts/pending-work.ts';
import { RisingCondition } from '#common/alerts/rising-condition.ts';

/** When a ring counts as overrun, and when that is over. */
export interface RingOverrunThresholds {
  /** No counter rose for this long: over. */
  readonly quietSeconds: number;
  /** The card was without descriptors in so many successive snapshots. */
  readonly leastFullSnapshots: number;
}

export const ringOverrunThresholds: RingOverrunThresholds = { quietSeconds: 5, leastFullSnapshots: 2 };

interface Full {
  readonly sinceSeconds: number;
  readonly snapshots: number;
}

/** Needs samples or observations; ring snapshots add the ring's name. */
export class RingOverrunDetector implements Detector {
  readonly kinds = ['sample', 'observation', 'ring', 'tick'] as const;
  readonly #thresholds: RingOverrunThresholds;
  readonly #rises = new CounterRises(['overrun']);
  readonly #rising: RisingCondition;
  readonly #full = new Map<string, Full>();

  constructor(thresholds: RingOverrunThresholds = ringOverrunThresholds) {
    this.#thresholds = thresholds;
    const words = (names: readonly string[]) => `Frames are lost because the card has no room for them (${names.join(', ')}).`;
    this.#rising = new RisingCondition('ring-overrun', 'warning', thresholds.quietSeconds, words);
  }

  take(fact: Fact, situation: Situation): readonly Finding[] {
    if (fact.kind === 'restart') {
      this.#full.clear();
      this.#rising.clear();
    }
    const rises = this.#rises.take(fact, situation);
    if (fact.kind === 'ring') return this.#ring(fact);
    if (fact.kind === 'sample' || fact.kind === 'tick' || fact.kind === 'observation')
      return [...this.#rising.rose(rises, fact.atSeconds), ...this.#rising.passed(situation.nowSeconds)];
    return [];
  }

  #ring({ ring, atSeconds }: Extract<Fact, { kind: 'ring' }>): Finding[] {
    if (ring.kind !== 'rx') return [];
    const queue = queueName(ring.kind, ring.index);
    const key = `${ring.device} ${queue}`;
    const before = this.#full.get(key);
    const { leastFullSnapshots } = this.#thresholds;
    if (!isOutOfDescriptors(ring)) {
      this.#full.delete(key);
      const wasTold = (before?.snapshots ?? 0) >= leastFullSnapshots;
      return wasTold ? [{ holds: false, rule: 'ring-overrun', device: ring.device, queue, atSeconds }] : [];
    }
    const full = { sinceSeconds: before?.sinceSeconds ?? atSeconds, snapshots: (before?.snapshots ?? 0) + 1 };
    this.#full.set(key, full);
    if (full.snapshots < leastFullSnapshots) return [];
    return [
      {
        holds: true,
        rule: 'ring-overrun',
        device: ring.device,
        queue,
        severity: 'warning',
        sinceSeconds: full.sinceSeconds,
        atSeconds,
        text: `RX queue ${ring.index} has no descriptor left for the card: what arrives now is lost.`,
        evidence: [
          evidence('snapshots without a free descriptor', full.snapshots, '', atSeconds),
          evidence('RDH', ring.after.head, '', atSeconds),
          evidence('RDT', ring.after.tail, '', atSeconds),
          evidence('descriptors', ring.descriptorCount, '', atSeconds),
        ],
      },
    ];
  }
}
