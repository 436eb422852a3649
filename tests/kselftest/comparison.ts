// The two drivers' runs of a file side by side, case by case.
import type { Run } from './results.ts';
import type { Result } from './test-case.ts';

/** How a case ended, or that the run does not have it. */
export type Shown = Result | 'absent';

/** One case on both drivers; null where that driver has no run of the file. */
export interface ComparedCase {
  readonly name: string;
  readonly igb: Shown | null;
  readonly rigb: Shown | null;
  readonly igbReason: string;
  readonly rigbReason: string;
}

/** Whether rigb passes what igb does not: "won"; does not pass what igb passes: "lost"; or neither. */
export function verdictOf({ igb, rigb }: ComparedCase): 'won' | 'lost' | null {
  if (igb === null || rigb === null || (igb === 'pass') === (rigb === 'pass')) return null;
  return rigb === 'pass' ? 'won' : 'lost';
}

/**
 * Whether this is a case that igb passes and that fails under rigb. A case that a complete run of rigb does not have at all is none: it belongs to a feature
 * that the driver does not offer.
 */
export function isRegression(compared: ComparedCase, rigbRun: Run | null): boolean {
  if (verdictOf(compared) !== 'lost') return false;
  return compared.rigb !== 'absent' || rigbRun?.incomplete !== null;
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
  return names.map((name) => ({
    name,
    igb: igb && (ofIgb.get(name)?.result ?? 'absent'),
    rigb: rigb && (ofRigb.get(name)?.result ?? 'absent'),
    igbReason: ofIgb.get(name)?.reason ?? '',
    rigbReason: ofRigb.get(name)?.reason ?? '',
  }));
}
