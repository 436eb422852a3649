// Rules that forbid a condition of which a detector tells: a stuck queue, a TX timeout, a gap in the data.
import type { Evidence, Finding } from '#common/alerts/alert.ts';
import type { Detector, Situation } from '#common/alerts/detector.ts';
import type { Fact } from '#common/alerts/fact.ts';
import { evidenceKept, holding, isAbout, isAboutQueue, type RuleCheck, unmeasured, type Verdict } from '#common/rules/outcome.ts';

/** What is forbidden, and how it is spoken of. */
export interface ForbiddenCondition {
  readonly detector: Detector;
  readonly device?: string | undefined;
  readonly queue?: string | undefined;
  /** Whether a fact is one that the condition would be seen in. */
  isMeasure(fact: Fact): boolean;
  /** What was looked at, after "in": `120 ring snapshots`. */
  readonly measured: string;
  readonly missing: string;
}

type Held = Extract<Finding, { holds: true }>;

/** Holds while its detector finds nothing. */
export class ConditionCheck implements RuleCheck {
  readonly #asked: ForbiddenCondition;
  readonly #broken = new Map<string, Held>();
  readonly #now = new Set<string>();
  #measures = 0;

  constructor(asked: ForbiddenCondition) {
    this.#asked = asked;
  }

  take(fact: Fact, situation: Situation): void {
    const { detector, device, queue } = this.#asked;
    if (this.#asked.isMeasure(fact)) this.#measures += 1;
    for (const finding of detector.take(fact, situation)) {
      if (finding.device !== null && !isAbout(device, finding.device, situation)) continue;
      if (finding.queue !== null && !isAboutQueue(queue, finding.queue)) continue;
      const key = `${finding.device} ${finding.queue}`;
      if (finding.holds) {
        this.#broken.set(key, { ...finding, sinceSeconds: this.#broken.get(key)?.sinceSeconds ?? finding.sinceSeconds });
        this.#now.add(key);
      } else this.#now.delete(key);
    }
  }

  verdict(): Verdict {
    const { measured, missing } = this.#asked;
    const broken = [...this.#broken.values()].sort((a, b) => a.sinceSeconds - b.sinceSeconds);
    const [first] = broken;
    if (!first) return this.#measures === 0 ? unmeasured(missing) : holding(`Nothing of the kind in ${this.#measures} ${measured}.`);
    const others = broken.length - 1;
    const evidence: Evidence[] = broken.flatMap((finding) => [...finding.evidence]);
    return {
      state: 'fails',
      isFailingNow: this.#now.size > 0,
      failedSeconds: first.sinceSeconds,
      text: `${first.text}${others > 0 ? ` And ${others} more.` : ''}`,
      evidence: evidence.slice(0, evidenceKept),
    };
  }
}
