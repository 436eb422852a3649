// Error counters that rise: of the interface, of the driver, of a queue, of the PCIe link.
import type { Finding } from '#common/alerts/alert.ts';
import { CounterRises } from '#common/alerts/counter-rises.ts';
import type { Detector, Situation } from '#common/alerts/detector.ts';
import type { Fact } from '#common/alerts/fact.ts';
import { RisingCondition } from '#common/alerts/rising-condition.ts';

/** When growing errors are over. */
export interface GrowingErrorsThresholds {
  /** No counter rose for this long. */
  readonly quietSeconds: number;
}

export const growingErrorsThresholds: GrowingErrorsThresholds = { quietSeconds: 5 };

/** Needs samples or observations. */
export class GrowingErrorsDetector implements Detector {
  readonly kinds = ['sample', 'observation', 'tick'] as const;
  readonly #rises = new CounterRises(['error']);
  readonly #rising: RisingCondition;

  constructor({ quietSeconds }: GrowingErrorsThresholds = growingErrorsThresholds) {
    this.#rising = new RisingCondition('growing-errors', 'warning', quietSeconds, (names) => `Errors grow: ${names.join(', ')}.`);
  }

  take(fact: Fact, situation: Situation): readonly Finding[] {
    if (fact.kind === 'restart') this.#rising.clear();
    const rises = this.#rises.take(fact, situation);
    if (fact.kind !== 'sample' && fact.kind !== 'tick' && fact.kind !== 'observation') return [];
    return [...this.#rising.rose(rises, fact.atSeconds), ...this.#rising.passed(situation.nowSeconds)];
  }
}
