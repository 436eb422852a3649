// A vector that interrupts far more often than any moderation allows, or often and mostly for nothing.
import { evidence, type Finding } from '#common/alerts/alert.ts';
import type { Detector } from '#common/alerts/detector.ts';
import type { Fact } from '#common/alerts/fact.ts';
import { type InterruptRate, InterruptRates } from '#common/alerts/interrupt-rates.ts';
import type { VectorCounts } from '#common/layouts/snapshot.ts';

/** What makes a storm. */
export interface InterruptStormThresholds {
  /** Interrupts a second of one vector. The shortest moderation in use (EITR 56) lets 70,000 through. */
  readonly perSecond: number;
  /** From so many a second on, a storm too if at least `spuriousShare` of them found nothing to do. */
  readonly spuriousPerSecond: number;
  readonly spuriousShare: number;
  readonly windowSeconds: number;
  /** It is over below this share of the threshold, so that it does not come and go. */
  readonly overShare: number;
}

export const interruptStormThresholds: InterruptStormThresholds = {
  perSecond: 80_000,
  spuriousPerSecond: 5_000,
  spuriousShare: 0.5,
  windowSeconds: 1,
  overShare: 0.8,
};

interface Storm {
  readonly sinceSeconds: number;
}

interface Counted {
  readonly atSeconds: number;
  readonly vectors: ReadonlyMap<number, VectorCounts>;
}

/** Needs samples; vectors snapshots add what the driver found. */
export class InterruptStormDetector implements Detector {
  readonly kinds = ['sample', 'vectors'] as const;
  readonly #thresholds: InterruptStormThresholds;
  readonly #rates: InterruptRates;
  readonly #storms = new Map<string, Storm>();
  readonly #counted = new Map<string, Counted>();

  constructor(thresholds: InterruptStormThresholds = interruptStormThresholds) {
    this.#thresholds = thresholds;
    this.#rates = new InterruptRates(thresholds.windowSeconds);
  }

  take(fact: Fact): readonly Finding[] {
    if (fact.kind === 'restart') {
      this.#storms.clear();
      this.#counted.clear();
    }
    if (fact.kind === 'vectors') return this.#spurious(fact);
    return this.#rates.take(fact).flatMap((rate) => this.#rate(rate));
  }

  #rate({ device, irq, name, perSecond, fromSeconds, atSeconds }: InterruptRate): Finding[] {
    const shown = Math.round(perSecond).toLocaleString('en-US');
    return this.#judge({
      device,
      vector: `irq ${irq}`,
      fromSeconds,
      atSeconds,
      share: perSecond / this.#thresholds.perSecond,
      text: `${name} (IRQ ${irq}) interrupts ${shown} times a second.`,
      numbers: [evidence('interrupts', Math.round(perSecond), '/s', atSeconds)],
    });
  }

  #spurious({ vectors: { device, vectors }, atSeconds }: Extract<Fact, { kind: 'vectors' }>): Finding[] {
    const { windowSeconds, spuriousPerSecond, spuriousShare } = this.#thresholds;
    const before = this.#counted.get(device);
    const passed = atSeconds - (before?.atSeconds ?? 0);
    if (before && passed >= 0 && passed < windowSeconds) return [];
    this.#counted.set(device, { atSeconds, vectors: new Map(vectors.map((vector) => [vector.vector, vector])) });
    if (!before || passed < 0) return [];
    return vectors.flatMap((vector) => {
      const old = before.vectors.get(vector.vector);
      if (!old || vector.handled < old.handled) return [];
      const perSecond = Number(vector.handled - old.handled) / passed;
      const spurious = Number(vector.spurious - old.spurious) / passed;
      const share = perSecond === 0 ? 0 : spurious / perSecond;
      return this.#judge({
        device,
        vector: `vector ${vector.vector}`,
        fromSeconds: before.atSeconds,
        atSeconds,
        share: Math.min(perSecond / spuriousPerSecond, share / spuriousShare),
        text: `Vector ${vector.vector} (IRQ ${vector.irq}) interrupts ${Math.round(perSecond).toLocaleString('en-US')} times a second, and ${Math.round(share * 100)} % of that for nothing.`,
        numbers: [
          evidence('interrupts', Math.round(perSecond), '/s', atSeconds),
          evidence('for nothing', Math.round(spurious), '/s', atSeconds),
        ],
      });
    });
  }

  /** `share` is the rate as a part of what makes a storm. */
  #judge({
    device,
    vector,
    fromSeconds,
    atSeconds,
    share,
    text,
    numbers,
  }: {
    readonly device: string;
    readonly vector: string;
    readonly fromSeconds: number;
    readonly atSeconds: number;
    readonly share: number;
    readonly text: string;
    readonly numbers: Extract<Finding, { holds: true }>['evidence'];
  }): Finding[] {
    const key = `${device} ${vector}`;
    const storm = this.#storms.get(key);
    if (share >= 1 || (storm && share >= this.#thresholds.overShare)) {
      const sinceSeconds = storm?.sinceSeconds ?? fromSeconds;
      this.#storms.set(key, { sinceSeconds });
      return [
        {
          holds: true,
          rule: 'interrupt-storm',
          device,
          queue: vector,
          severity: 'warning',
          sinceSeconds,
          atSeconds,
          text,
          evidence: numbers,
        },
      ];
    }
    this.#storms.delete(key);
    return storm ? [{ holds: false, rule: 'interrupt-storm', device, queue: vector, atSeconds }] : [];
  }
}
