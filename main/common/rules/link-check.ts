// The link does not change, and is up in the end where that is asked for.
import { evidence } from '#common/alerts/alert.ts';
import type { Situation } from '#common/alerts/detector.ts';
import type { Fact } from '#common/alerts/fact.ts';
import { type LinkChange, LinkChanges } from '#common/alerts/link-changes.ts';
import { evidenceKept, holding, isAbout, type RuleCheck, unmeasured, type Verdict } from '#common/rules/outcome.ts';
import type { Rule } from '#common/rules/rules-file.ts';

/** Needs devices events. */
export class LinkCheck implements RuleCheck {
  readonly #rule: Extract<Rule, { rule: 'link-stable' }>;
  readonly #changes = new LinkChanges();
  readonly #carriers = new Map<string, boolean | null>();
  #broken: LinkChange[] = [];
  // Since when the link has been down, of those that are not up now.
  #downSeconds: number | null = null;

  constructor(rule: Extract<Rule, { rule: 'link-stable' }>) {
    this.#rule = rule;
  }

  take(fact: Fact, situation: Situation): void {
    for (const change of this.#changes.take(fact, situation))
      if (isAbout(this.#rule.device, change.device, situation)) this.#broken.push(change);
    if (fact.kind !== 'devices') return;
    this.#carriers.clear();
    for (const { pciAddress, carrier } of fact.devices)
      if (isAbout(this.#rule.device, pciAddress, situation)) this.#carriers.set(pciAddress, carrier);
    this.#downSeconds = this.#isDown() ? (this.#downSeconds ?? fact.atSeconds) : null;
  }

  #isDown(): boolean {
    return this.#rule.up === true && [...this.#carriers.values()].some((carrier) => carrier !== true);
  }

  verdict(): Verdict {
    const known = [...this.#carriers].filter(([, carrier]) => carrier !== null);
    const [first] = this.#broken;
    if (first || this.#downSeconds !== null) {
      const changes = this.#broken.length;
      const last = this.#broken.at(-1);
      const failed = Math.min(first?.atSeconds ?? Number.POSITIVE_INFINITY, this.#downSeconds ?? Number.POSITIVE_INFINITY);
      return {
        state: 'fails',
        isFailingNow: this.#isDown() || last?.up === false,
        failedSeconds: failed,
        text: changes > 0 ? `The link changed ${changes} ${changes === 1 ? 'time' : 'times'}.` : 'The link is down.',
        evidence: this.#broken
          .slice(0, evidenceKept)
          .map(({ device, up, atSeconds }) => evidence(`link of ${device}`, up ? 'up' : 'down', '', atSeconds)),
      };
    }
    if (known.length === 0) return unmeasured('No device of this kind has an interface whose link is known.');
    return holding(known.map(([device, carrier]) => `The link of ${device} stayed ${carrier ? 'up' : 'down'}.`).join(' '));
  }
}
