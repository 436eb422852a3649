// A link that comes and goes.
import { evidence, type Finding } from '#common/alerts/alert.ts';
import type { Detector, Situation } from '#common/alerts/detector.ts';
import type { Fact } from '#common/alerts/fact.ts';
import { type LinkChange, LinkChanges } from '#common/alerts/link-changes.ts';

/** When a link flaps: so many changes within so long. Pulling a cable and putting it back are two. */
export interface LinkFlapThresholds {
  readonly changes: number;
  readonly withinSeconds: number;
}

export const linkFlapThresholds: LinkFlapThresholds = { changes: 3, withinSeconds: 30 };

interface Flapping {
  changes: LinkChange[];
  sinceSeconds: number | null;
}

const nothing: readonly Finding[] = [];

/** Needs devices events; the log adds what was too short to be seen otherwise. */
export class LinkFlapDetector implements Detector {
  readonly kinds = ['devices', 'log', 'sample', 'tick'] as const;
  readonly #thresholds: LinkFlapThresholds;
  readonly #changes = new LinkChanges();
  readonly #devices = new Map<string, Flapping>();

  constructor(thresholds: LinkFlapThresholds = linkFlapThresholds) {
    this.#thresholds = thresholds;
  }

  take(fact: Fact, situation: Situation): readonly Finding[] {
    if (fact.kind === 'restart') this.#devices.clear();
    const changed = this.#changes.take(fact, situation);
    if (changed.length === 0 && fact.kind === 'log') return nothing;
    for (const change of changed) {
      const flapping = this.#devices.get(change.device) ?? { changes: [], sinceSeconds: null };
      flapping.changes.push(change);
      this.#devices.set(change.device, flapping);
    }
    if (changed.length === 0 && fact.kind !== 'sample' && fact.kind !== 'tick') return [];
    const touched = new Set(changed.map(({ device }) => device));
    return [...this.#devices].flatMap(([device, flapping]) => this.#judge(device, flapping, touched.has(device), situation.nowSeconds));
  }

  #judge(device: string, flapping: Flapping, isTouched: boolean, nowSeconds: number): Finding[] {
    const { changes: least, withinSeconds } = this.#thresholds;
    flapping.changes = flapping.changes.filter(({ atSeconds }) => nowSeconds - atSeconds <= withinSeconds);
    // Both sources tell of the same changes, so the one that saw more counts.
    const of = (source: LinkChange['source']) => flapping.changes.filter((change) => change.source === source);
    const [carrier, log] = [of('carrier'), of('log')];
    const seen = log.length > carrier.length ? log : carrier;
    const [first] = seen;
    if (flapping.sinceSeconds !== null && seen.length === 0) {
      this.#devices.delete(device);
      return [{ holds: false, rule: 'link-flap', device, queue: null, atSeconds: nowSeconds }];
    }
    if (!first || !isTouched || (seen.length < least && flapping.sinceSeconds === null)) return [];
    flapping.sinceSeconds ??= first.atSeconds;
    return [
      {
        holds: true,
        rule: 'link-flap',
        device,
        queue: null,
        severity: 'warning',
        sinceSeconds: flapping.sinceSeconds,
        atSeconds: nowSeconds,
        text: `The link changed ${seen.length} times within ${withinSeconds} s.`,
        evidence: seen.slice(-10).map(({ up, atSeconds }) => evidence('link', up ? 'up' : 'down', '', atSeconds)),
      },
    ];
  }
}
