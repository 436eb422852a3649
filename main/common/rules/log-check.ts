// The kernel logs nothing of a level or worse.
import { type Evidence, evidence } from '#common/alerts/alert.ts';
import type { Situation } from '#common/alerts/detector.ts';
import type { Fact } from '#common/alerts/fact.ts';
import { evidenceKept, holding, type RuleCheck, unmeasured, type Verdict } from '#common/rules/outcome.ts';
import type { Rule } from '#common/rules/rules-file.ts';

const levels = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice'] as const;

/** Needs the kernel log. Silence is a measurement as long as anything else arrives. */
export class LogCheck implements RuleCheck {
  readonly #rule: Extract<Rule, { rule: 'log-quiet' }>;
  #facts = 0;
  #records = 0;
  #broken: Evidence[] = [];
  #count = 0;

  constructor(rule: Extract<Rule, { rule: 'log-quiet' }>) {
    this.#rule = rule;
  }

  take(fact: Fact, situation: Situation): void {
    this.#facts += 1;
    if (fact.kind !== 'log') return;
    const { level, text, device } = fact.record;
    this.#records += 1;
    if (level > levels.indexOf(this.#rule.level)) return;
    if (this.#rule.except?.some((one) => text.includes(one))) return;
    if (this.#rule.device !== undefined) {
      const about = situation.deviceOfLog(device, text);
      if (about?.pciAddress !== this.#rule.device && about?.interface !== this.#rule.device) return;
    }
    this.#count += 1;
    if (this.#broken.length < evidenceKept) this.#broken.push(evidence(levels[level] ?? String(level), text, '', fact.atSeconds));
  }

  verdict(): Verdict {
    const [first] = this.#broken;
    if (first) {
      return {
        state: 'fails',
        isFailingNow: false,
        failedSeconds: first.atSeconds,
        text: `${this.#count} ${this.#count === 1 ? 'line' : 'lines'} of level ${this.#rule.level} or worse; the first: ${first.value}`,
        evidence: this.#broken,
      };
    }
    return this.#facts === 0
      ? unmeasured('Nothing was told at all.')
      : holding(`${this.#records} lines, none of level ${this.#rule.level} or worse.`);
  }
}
