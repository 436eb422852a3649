// The two drivers' runs of a file side by side, case by case.
import type { Run } from './results.ts';
import { type Result, wholeFile } from './test-case.ts';

/** How a case ended, or that the run does not have it. */
export type Shown = Result | 'absent';

/** One case on both drivers; null where that driver has no run of the file. */
export interface ComparedCase {
  readonly name: string;
  readonly igb: Shown | null;
  readonly rigb: Shown | null;
  readonly igbReason: string;
  readonly rigbReason: string;
  /** Won or lost by rigb; null for neither, and where a run is missing. */
  readonly verdict: 'won' | 'lost' | null;
}

/** Whether a case that the run does not have was to be expected of it: the file did not finish, or was skipped as a whole. */
const isCutShort = (run: Run) => run.incomplete !== null || run.cases.some(({ name }) => name === wholeFile);

/**
 * Whether rigb passes what igb does not (`won`), or does not pass what igb passes (`lost`). A case that the other driver's whole run does not have is neither:
 * it belongs to something that this driver does not offer at all, such as the switching of a feature.
 */
function verdictOf(igb: Run, rigb: Run, ofIgb: Shown, ofRigb: Shown): 'won' | 'lost' | null {
  if (ofRigb === 'pass' && ofIgb !== 'pass') return ofIgb !== 'absent' || isCutShort(igb) ? 'won' : null;
  if (ofIgb === 'pass' && ofRigb !== 'pass') return ofRigb !== 'absent' || isCutShort(rigb) ? 'lost' : null;
  return null;
}

/** Both runs' cases in igb's order; those that rigb alone has come after the case that they follow there. */
export function compareRuns(igb: Run | null, rigb: Run | null): readonly ComparedCase[] {
  const names = (igb?.cases ?? []).map(({ name }) => name);
  let position = 0;
  for (const { name } of rigb?.cases ?? []) {
    const there = names.indexOf(name);
    if (there >= 0) position = there + 1;
    else names.splice(position++, 0, name);
  }
  const byName = (run: Run | null) => new Map((run?.cases ?? []).map((testCase) => [testCase.name, testCase]));
  const [ofIgb, ofRigb] = [byName(igb), byName(rigb)];
  return names.map((name) => {
    const shownOf = (cases: typeof ofIgb): Shown => cases.get(name)?.result ?? 'absent';
    return {
      name,
      igb: igb && shownOf(ofIgb),
      rigb: rigb && shownOf(ofRigb),
      igbReason: ofIgb.get(name)?.reason ?? '',
      rigbReason: ofRigb.get(name)?.reason ?? '',
      verdict: igb && rigb && verdictOf(igb, rigb, shownOf(ofIgb), shownOf(ofRigb)),
    };
  });
}
