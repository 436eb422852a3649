// What a cause is: a rule that looks at a case, and says whether it explains it, how surely, and by what.
import type { Evidence } from '#common/alerts/alert.ts';
import type { FrozenCase } from '#common/autopsy/frozen-case.ts';

/** `certain`: a register or the kernel says so itself. `likely`: what was seen fits this and nothing before it. `possible`: it fits, and so may other things. */
export type Confidence = 'certain' | 'likely' | 'possible';

/** An explanation. */
export interface Explanation {
  readonly confidence: Confidence;
  /** What is wrong, in a sentence or two. */
  readonly text: string;
  /** What to look at or to do next. */
  readonly next: string;
  readonly evidence: readonly Evidence[];
}

/** One cause; `explain` gives null when the case does not show it. */
export interface Cause {
  readonly id: string;
  readonly title: string;
  explain(frozen: FrozenCase): Explanation | null;
}
