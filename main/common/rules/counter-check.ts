// Counters of drops or errors do not rise, or not by more than is allowed. Several counters may tell of the same frame, so each is held to the limit by itself.
import { type Evidence, evidence } from '#common/alerts/alert.ts';
import { type CounterRise, CounterRises } from '#common/alerts/counter-rises.ts';
import type { Situation } from '#common/alerts/detector.ts';
import type { Fact } from '#common/alerts/fact.ts';
import { evidenceKept, holding, isAbout, isAboutQueue, type RuleCheck, unmeasured, type Verdict } from '#common/rules/outcome.ts';
import type { Rule } from '#common/rules/rules-file.ts';

type CounterRule = Extract<Rule, { rule: 'drops' | 'errors' }>;

const nowSeconds = 2;

/** Needs samples or observations. */
export class CounterCheck implements RuleCheck {
  readonly #rule: CounterRule;
  readonly #rises: CounterRises;
  readonly #broken = new Map<string, CounterRise>();
  readonly #seen = new Set<string>();
  #failedSeconds: number | null = null;
  #lastSeconds = 0;
  #newestSeconds = 0;

  constructor(rule: CounterRule) {
    this.#rule = rule;
    this.#rises = new CounterRises(rule.rule === 'drops' ? ['drop', 'overrun'] : ['error']);
  }

  take(fact: Fact, situation: Situation): void {
    if (fact.kind === 'devices') return;
    const rises = this.#rises.take(fact, situation);
    this.#newestSeconds = Math.max(this.#newestSeconds, fact.atSeconds);
    if (this.#seen.size === 0 || fact.kind === 'observation') this.#note(situation);
    for (const rise of rises) {
      if (!this.#isMeant(rise, situation)) continue;
      if (rise.risen <= (this.#rule.atMost ?? 0)) continue;
      this.#failedSeconds ??= rise.atSeconds;
      this.#lastSeconds = rise.atSeconds;
      this.#broken.set(`${rise.device} ${rise.queue} ${rise.name}`, rise);
    }
  }

  #isMeant({ device, queue }: { device: string; queue: string | null }, situation: Situation): boolean {
    if (!isAbout(this.#rule.device, device, situation)) return false;
    return this.#rule.queue === undefined || (queue !== null && isAboutQueue(this.#rule.queue, queue));
  }

  #note(situation: Situation): void {
    for (const counter of this.#rises.counters)
      if (this.#isMeant(counter, situation)) this.#seen.add(`${counter.device} ${counter.queue} ${counter.name}`);
  }

  verdict(): Verdict {
    if (this.#failedSeconds === null) {
      if (this.#seen.size === 0) return unmeasured(`No counter of ${this.#rule.rule} was told of such a device or queue.`);
      return holding(`${this.#seen.size} counters, none rose${(this.#rule.atMost ?? 0) > 0 ? ` by more than ${this.#rule.atMost}` : ''}.`);
    }
    const broken = [...this.#broken.values()].sort((a, b) => b.risen - a.risen);
    const words = broken.slice(0, 3).map(({ name, risen, queue }) => `${name}${queue === null ? '' : ` of ${queue}`} rose by ${risen}`);
    const numbers: Evidence[] = broken.flatMap(({ device, name, queue, risen, value, atSeconds }) => {
      const what = `${device} ${queue === null ? '' : `${queue} `}${name}`;
      return [evidence(`${what} rose by`, risen, '', atSeconds), evidence(what, value, '', atSeconds)];
    });
    return {
      state: 'fails',
      isFailingNow: this.#newestSeconds - this.#lastSeconds <= nowSeconds,
      failedSeconds: this.#failedSeconds,
      text: `${words.join(', ')}${broken.length > 3 ? ` and ${broken.length - 3} more` : ''}.`,
      evidence: numbers.slice(0, evidenceKept),
    };
  }
}
