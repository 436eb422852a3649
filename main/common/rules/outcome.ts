// What came of a rule, and what checks of all kinds have in common.
import type { Evidence } from '#common/alerts/alert.ts';
import type { Situation } from '#common/alerts/detector.ts';
import type { Fact } from '#common/alerts/fact.ts';
import type { Rule } from '#common/rules/rules-file.ts';

/** How a rule stands. `unmeasured` is a rule about which nothing was told: that is no success. */
export interface RuleOutcome {
  readonly rule: Rule;
  readonly label: string;
  readonly state: 'holds' | 'fails' | 'unmeasured';
  /** It is broken at this moment; false too for one that was broken before. */
  readonly isFailingNow: boolean;
  /** When it was broken first, in seconds since boot; null while it holds. */
  readonly failedSeconds: number | null;
  /** A sentence with what was measured. */
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

/** What a check says of its rule; label and rule are added by the run. */
export type Verdict = Omit<RuleOutcome, 'rule' | 'label'>;

/** One rule at work. */
export interface RuleCheck {
  take(fact: Fact, situation: Situation): void;
  verdict(): Verdict;
}

/** Evidence that is kept of a rule: the first things that broke it. */
export const evidenceKept = 20;

/** A rule about which nothing was told. */
export const unmeasured = (text: string): Verdict => ({
  state: 'unmeasured',
  isFailingNow: false,
  failedSeconds: null,
  text,
  evidence: [],
});

/** A rule that holds. */
export const holding = (text: string, evidence: readonly Evidence[] = []): Verdict => ({
  state: 'holds',
  isFailingNow: false,
  failedSeconds: null,
  text,
  evidence,
});

/** Whether a rule is about a device: the one that it names, or else those whose driver shows its rings, or all where none does. */
export function isAbout(selector: string | undefined, device: string, { devices }: Situation): boolean {
  if (selector !== undefined) return device === selector || devices.some((one) => one.interface === selector && one.pciAddress === device);
  const shown = devices.filter(({ rings }) => rings.length > 0);
  return shown.length === 0 || shown.some(({ pciAddress }) => pciAddress === device);
}

/** Whether a rule is about a queue (`rx:0`): `rx` is about all of them, nothing about every one. */
export const isAboutQueue = (selector: string | undefined, queue: string): boolean =>
  selector === undefined || selector === queue || (!selector.includes(':') && queue.startsWith(`${selector}:`));
