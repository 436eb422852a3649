// The mean rate of frames of each device lies within limits.
import { evidence } from '#common/alerts/alert.ts';
import type { Situation } from '#common/alerts/detector.ts';
import type { Fact } from '#common/alerts/fact.ts';
import { holding, isAbout, type RuleCheck, unmeasured, type Verdict } from '#common/rules/outcome.ts';
import type { Rule } from '#common/rules/rules-file.ts';

interface Span {
  readonly fromSeconds: number;
  readonly first: number;
  atSeconds: number;
  value: number;
}

const leastSeconds = 1;

/** Needs samples. */
export class FrameRateCheck implements RuleCheck {
  readonly #rule: Extract<Rule, { rule: 'frames-per-second' }>;
  readonly #spans = new Map<string, Span>();

  constructor(rule: Extract<Rule, { rule: 'frames-per-second' }>) {
    this.#rule = rule;
  }

  take(fact: Fact, situation: Situation): void {
    if (fact.kind !== 'sample') return;
    const wanted = this.#rule.direction === 'receive' ? 'rx_packets' : 'tx_packets';
    fact.table.counters.forEach((counter, row) => {
      if (counter.source !== 'netdev' || counter.name !== wanted) return;
      const device = situation.deviceOfInterface(counter.interface)?.pciAddress;
      if (device === undefined || !isAbout(this.#rule.device, device, situation)) return;
      const value = Number(fact.sample.counters[row] ?? 0n);
      const span = this.#spans.get(device);
      if (!span || value < span.value)
        this.#spans.set(device, { fromSeconds: fact.atSeconds, first: value, atSeconds: fact.atSeconds, value });
      else Object.assign(span, { atSeconds: fact.atSeconds, value });
    });
  }

  verdict(): Verdict {
    const { above, below, direction } = this.#rule;
    const rates = [...this.#spans].flatMap(([device, { fromSeconds, first, atSeconds, value }]) =>
      atSeconds - fromSeconds < leastSeconds ? [] : [{ device, rate: (value - first) / (atSeconds - fromSeconds), atSeconds }],
    );
    if (rates.length === 0) return unmeasured('Frames were not counted for at least a second.');
    const outside = rates.filter(({ rate }) => (above !== undefined && rate <= above) || (below !== undefined && rate >= below));
    const text = rates
      .map(({ device, rate }) => `${device}: ${Math.round(rate).toLocaleString('en-US')} frames/s (${direction}).`)
      .join(' ');
    const numbers = rates.map(({ device, rate, atSeconds }) =>
      evidence(`${direction} rate of ${device}`, Math.round(rate), 'frames/s', atSeconds),
    );
    const [first] = outside;
    if (!first) return holding(text, numbers);
    return { state: 'fails', isFailingNow: true, failedSeconds: first.atSeconds, text, evidence: numbers };
  }
}
