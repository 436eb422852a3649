// All rules of a file at work on what arrives, and how each stands.
import { AgentGapDetector, agentGapThresholds } from '#common/alerts/agent-gap.ts';
import { Situation } from '#common/alerts/detector.ts';
import { type Fact, type FactContent, ownSeconds } from '#common/alerts/fact.ts';
import { StuckQueueDetector, stuckQueueThresholds } from '#common/alerts/stuck-queue.ts';
import { TransmitTimeoutDetector } from '#common/alerts/transmit-timeout.ts';
import { ConditionCheck } from '#common/rules/condition-check.ts';
import { CounterCheck } from '#common/rules/counter-check.ts';
import { FrameRateCheck } from '#common/rules/frame-rate-check.ts';
import { InterruptCheck } from '#common/rules/interrupt-check.ts';
import { LinkCheck } from '#common/rules/link-check.ts';
import { LogCheck } from '#common/rules/log-check.ts';
import type { RuleCheck, RuleOutcome } from '#common/rules/outcome.ts';
import { isAbout, isAboutQueue } from '#common/rules/outcome.ts';
import { type Rule, ruleLabel } from '#common/rules/rules-file.ts';

function checkOf(rule: Rule, situation: Situation): RuleCheck {
  switch (rule.rule) {
    case 'queue-stuck': {
      const { device, queue } = rule;
      return new ConditionCheck({
        detector: new StuckQueueDetector({ ...stuckQueueThresholds, forMs: rule.forMs }),
        device,
        queue,
        isMeasure: (fact) =>
          fact.kind === 'ring' &&
          fact.ring.isRunning &&
          isAbout(device, fact.ring.device, situation) &&
          isAboutQueue(queue, `${fact.ring.kind}:${fact.ring.index}`),
        measured: 'ring snapshots',
        missing: 'No snapshot of such a ring was told: only a driver that shows its rings (rigb) can be checked for stuck queues.',
      });
    }
    case 'tx-timeout':
      return new ConditionCheck({
        detector: new TransmitTimeoutDetector(),
        device: rule.device,
        queue: rule.queue,
        isMeasure: ({ kind }) => kind === 'log' || kind === 'sample',
        measured: 'log lines and samples',
        missing: 'Neither log nor samples were told.',
      });
    case 'agent-gap':
      return new ConditionCheck({
        detector: new AgentGapDetector({ ...agentGapThresholds, forMs: rule.forMs }),
        isMeasure: ({ kind }) => kind === 'sample',
        measured: 'samples',
        missing: 'No sample was told.',
      });
    case 'interrupts-per-second':
      return new InterruptCheck(rule);
    case 'drops':
    case 'errors':
      return new CounterCheck(rule);
    case 'link-stable':
      return new LinkCheck(rule);
    case 'log-quiet':
      return new LogCheck(rule);
    case 'frames-per-second':
      return new FrameRateCheck(rule);
  }
}

// What says how things stand counts from whenever it was said; everything else only from the beginning of the run.
const standing: ReadonlySet<FactContent['kind']> = new Set(['devices', 'module']);

/** A run of rules. Facts from before `fromSeconds` (seconds since boot) are what was, and not checked. */
export class RulesRun {
  readonly #situation = new Situation();
  readonly #checks: readonly { readonly rule: Rule; readonly check: RuleCheck }[];
  #fromSeconds: number;

  constructor(rules: readonly Rule[], fromSeconds: number) {
    this.#fromSeconds = fromSeconds;
    this.#checks = rules.map((rule) => ({ rule, check: checkOf(rule, this.#situation) }));
  }

  /** The newest instant that anything carried. */
  get nowSeconds(): number {
    return this.#situation.nowSeconds;
  }

  take(content: FactContent): void {
    this.takeFact({ ...content, atSeconds: ownSeconds(content) ?? this.#situation.nowSeconds });
  }

  takeFact(fact: Fact): void {
    // Another boot counts from its own start.
    if (fact.kind === 'restart') this.#fromSeconds = 0;
    const isOld = fact.atSeconds < this.#fromSeconds;
    this.#situation.take(fact);
    if (isOld && !standing.has(fact.kind)) return;
    for (const { check } of this.#checks) check.take(fact, this.#situation);
  }

  outcomes(): readonly RuleOutcome[] {
    return this.#checks.map(({ rule, check }) => ({ rule, label: ruleLabel(rule), ...check.verdict() }));
  }
}
