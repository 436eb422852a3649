// Interrupts stay below a rate, in every second of the check.
import { evidence } from '#common/alerts/alert.ts';
import type { Situation } from '#common/alerts/detector.ts';
import type { Fact } from '#common/alerts/fact.ts';
import { InterruptRates } from '#common/alerts/interrupt-rates.ts';
import { evidenceKept, holding, isAbout, type RuleCheck, unmeasured, type Verdict } from '#common/rules/outcome.ts';
import type { Rule } from '#common/rules/rules-file.ts';

type InterruptRule = Extract<Rule, { rule: 'interrupts-per-second' }>;

interface Measured {
  readonly what: string;
  readonly perSecond: number;
  readonly atSeconds: number;
}

const shown = (rate: number): string => Math.round(rate).toLocaleString('en-US');

/** Needs samples. */
export class InterruptCheck implements RuleCheck {
  readonly #rule: InterruptRule;
  readonly #rates = new InterruptRates(1);
  #highest: Measured | null = null;
  #windows = 0;
  #broken: Measured[] = [];
  #isNow = false;

  constructor(rule: InterruptRule) {
    this.#rule = rule;
  }

  take(fact: Fact, situation: Situation): void {
    const rates = this.#rates.take(fact).filter(({ device }) => isAbout(this.#rule.device, device, situation));
    if (rates.length === 0) return;
    this.#windows += 1;
    const measured = new Map<string, Measured>();
    for (const { device, irq, name, perSecond, atSeconds } of rates) {
      const what = this.#rule.of === 'device' ? `interrupts of ${device}` : `interrupts of ${name} (IRQ ${irq})`;
      measured.set(what, { what, perSecond: (measured.get(what)?.perSecond ?? 0) + perSecond, atSeconds });
    }
    const highest = [...measured.values()].reduce((a, b) => (b.perSecond > a.perSecond ? b : a));
    if (!this.#highest || highest.perSecond > this.#highest.perSecond) this.#highest = highest;
    const broken = [...measured.values()].filter(({ perSecond }) => perSecond >= this.#rule.below);
    this.#isNow = broken.length > 0;
    if (this.#broken.length < evidenceKept) this.#broken.push(...broken);
  }

  verdict(): Verdict {
    const highest = this.#highest;
    if (!highest) return unmeasured('No two samples a second apart told of interrupts of such a device.');
    const number = (one: Measured) => evidence(one.what, Math.round(one.perSecond), '/s', one.atSeconds);
    const text = `The most was ${shown(highest.perSecond)} ${highest.what.replace(/^interrupts/, 'interrupts a second')}, in ${this.#windows} windows of a second.`;
    const [first] = this.#broken;
    if (!first) return holding(text, [number(highest)]);
    return {
      state: 'fails',
      isFailingNow: this.#isNow,
      failedSeconds: first.atSeconds,
      text: `${text} The limit is ${shown(this.#rule.below)}.`,
      evidence: [number(highest), ...this.#broken.map(number)].slice(0, evidenceKept),
    };
  }
}
