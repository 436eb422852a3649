// What is missing from the data itself: no sample for too long, holes in a stream, records that were lost before they could be read. While it lasts, the
// other detectors may be blind.
import { type Evidence, evidence, type Finding } from '#common/alerts/alert.ts';
import type { Detector } from '#common/alerts/detector.ts';
import type { Fact } from '#common/alerts/fact.ts';

/** When there is a gap. */
export interface AgentGapThresholds {
  /** Without a sample for this long. */
  readonly forMs: number;
  /** After a loss, nothing was lost for this long: over. */
  readonly quietSeconds: number;
}

export const agentGapThresholds: AgentGapThresholds = { forMs: 3000, quietSeconds: 5 };

const evidenceKept = 10;

/** Needs samples; ticks where time passes without any. */
export class AgentGapDetector implements Detector {
  readonly kinds = ['sample', 'tick', 'gap'] as const;
  readonly #thresholds: AgentGapThresholds;
  #sampleSeconds: number | null = null;
  #isSilent = false;
  #losses: { sinceSeconds: number; lastSeconds: number; kept: Evidence[] } | null = null;

  constructor(thresholds: AgentGapThresholds = agentGapThresholds) {
    this.#thresholds = thresholds;
  }

  take(fact: Fact): readonly Finding[] {
    if (fact.kind === 'restart') {
      this.#sampleSeconds = null;
      this.#isSilent = false;
      this.#losses = null;
    }
    if (fact.kind === 'gap') return this.#lost(fact);
    if (fact.kind !== 'sample' && fact.kind !== 'tick') return [];
    const { atSeconds } = fact;
    const findings: Finding[] = [];
    const before = this.#sampleSeconds;
    if (before !== null && (atSeconds - before) * 1000 > this.#thresholds.forMs) {
      this.#isSilent = true;
      findings.push(this.#silence(before, atSeconds));
    }
    if (fact.kind === 'sample') {
      if (this.#isSilent) findings.push({ holds: false, rule: 'agent-gap', device: null, queue: null, atSeconds });
      this.#isSilent = false;
      this.#sampleSeconds = atSeconds;
    }
    if (this.#losses && atSeconds - this.#losses.lastSeconds >= this.#thresholds.quietSeconds) {
      this.#losses = null;
      findings.push({ holds: false, rule: 'agent-gap', device: null, queue: 'losses', atSeconds });
    }
    return findings;
  }

  #silence(sinceSeconds: number, atSeconds: number): Finding {
    const missing = Math.round((atSeconds - sinceSeconds) * 1000);
    return {
      holds: true,
      rule: 'agent-gap',
      device: null,
      queue: null,
      severity: 'warning',
      sinceSeconds,
      atSeconds,
      text: `No sample came for ${(missing / 1000).toFixed(1)} s: what happened meanwhile was not seen.`,
      evidence: [evidence('no sample for', missing, 'ms', atSeconds), evidence('newest sample', sinceSeconds, 's', sinceSeconds)],
    };
  }

  #lost({ what, count, text, atSeconds }: Extract<Fact, { kind: 'gap' }>): Finding[] {
    const losses = this.#losses ?? { sinceSeconds: atSeconds, lastSeconds: atSeconds, kept: [] };
    losses.lastSeconds = atSeconds;
    losses.kept = [...losses.kept, evidence(what, count, '', atSeconds)].slice(-evidenceKept);
    this.#losses = losses;
    return [
      {
        holds: true,
        rule: 'agent-gap',
        device: null,
        queue: 'losses',
        severity: 'warning',
        sinceSeconds: losses.sinceSeconds,
        atSeconds,
        text,
        evidence: losses.kept,
      },
    ];
  }
}
