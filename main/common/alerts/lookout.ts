// All detectors together: facts in, alerts out.
import { AgentGapDetector } from '#common/alerts/agent-gap.ts';
import type { Alert } from '#common/alerts/alert.ts';
import { AlertBook } from '#common/alerts/alert-book.ts';
import { type Detector, Situation } from '#common/alerts/detector.ts';
import { type Fact, type FactContent, ownSeconds } from '#common/alerts/fact.ts';
import { GrowingErrorsDetector } from '#common/alerts/growing-errors.ts';
import { InterruptStormDetector } from '#common/alerts/interrupt-storm.ts';
import { LinkFlapDetector } from '#common/alerts/link-flap.ts';
import { RingOverrunDetector } from '#common/alerts/ring-overrun.ts';
import { StuckQueueDetector } from '#common/alerts/stuck-queue.ts';
import { TransmitTimeoutDetector } from '#common/alerts/transmit-timeout.ts';

/** Every detector with its usual thresholds. */
export const usualDetectors = (): readonly Detector[] => [
  new StuckQueueDetector(),
  new TransmitTimeoutDetector(),
  new InterruptStormDetector(),
  new RingOverrunDetector(),
  new LinkFlapDetector(),
  new GrowingErrorsDetector(),
  new AgentGapDetector(),
];

/** Watches what arrives. It has no clock: time passes with what arrives, and with `tick`. */
export class Lookout {
  readonly situation = new Situation();
  readonly book = new AlertBook();
  readonly #detectors: readonly Detector[];
  // Log lines may come by the hundred thousand a second: only who looks at them is called.
  readonly #byKind = new Map<Fact['kind'], readonly Detector[]>();

  constructor(detectors: readonly Detector[] = usualDetectors()) {
    this.#detectors = detectors;
  }

  /** Gives a thing its instant: its own, or the newest that is known. */
  date(content: FactContent): Fact {
    return { ...content, atSeconds: ownSeconds(content) ?? this.situation.nowSeconds };
  }

  /** Takes what has arrived, and returns the alerts that it opened. */
  take(content: FactContent): readonly Alert[] {
    return this.takeFact(this.date(content));
  }

  /** Takes a fact whose instant is known. */
  takeFact(fact: Fact): readonly Alert[] {
    this.situation.take(fact);
    if (fact.kind === 'restart') this.book.clear();
    const opened: Alert[] = [];
    for (const detector of this.#lookingAt(fact.kind))
      for (const finding of detector.take(fact, this.situation)) {
        const alert = this.book.take(finding);
        if (alert) opened.push(alert);
      }
    return opened;
  }

  /** So long has passed since the newest thing, by somebody else's clock. */
  tick(atSeconds: number): readonly Alert[] {
    return this.takeFact({ kind: 'tick', atSeconds });
  }

  #lookingAt(kind: Fact['kind']): readonly Detector[] {
    const known = this.#byKind.get(kind);
    if (known) return known;
    const found = kind === 'restart' ? this.#detectors : this.#detectors.filter(({ kinds }) => kinds.includes(kind));
    this.#byKind.set(kind, found);
    return found;
  }
}
