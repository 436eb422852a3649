// What observing may cost the target, and how the window keeps to it: it asks less often, step by step, and more often again when there is room. Pure.

/** Per cent of one core. */
export const defaultBudgetPercent = 5;
export const budgetLimits = { least: 0.1, most: 100 } as const;

/** By how much the rates that panels ask for are multiplied; the first is no throttling. */
export const budgetScales = [1, 0.5, 0.25, 0.1, 0.05] as const;

/** Samples a second when nothing is throttled, as the session asks for when a target starts. */
export const fullSampleHz = 10;

// A burst, such as a panel that opens, is not what observing costs.
const overSecondsBeforeLess = 4;
// Raising too soon would go back and forth.
const roomSecondsBeforeMore = 15;
// What the raised rate is expected to cost has to stay below this part of the budget.
const wantedRoom = 0.8;

/** Where the throttle stands. `sinceSeconds` tells for how long the cost has been on the side of the budget that `trend` names. */
export interface BudgetState {
  /** Index into `budgetScales`. */
  readonly step: number;
  readonly trend: 'over' | 'room' | 'fits';
  readonly sinceSeconds: number;
}

/** One `cost` event: what observing cost of one core, at this time of any clock that does not jump. */
export interface CostSeen {
  readonly cpuPercent: number;
  readonly atSeconds: number;
}

/** Nothing throttled, nothing seen. */
export const unthrottled: BudgetState = { step: 0, trend: 'fits', sinceSeconds: 0 };

const scaleOf = (step: number): number => budgetScales[step] ?? 1;

function trendOf(step: number, cpuPercent: number, budgetPercent: number): BudgetState['trend'] {
  if (cpuPercent > budgetPercent) return 'over';
  // Taken as if all of the cost grew with the rates: it does not, so that this errs towards waiting.
  const expected = step > 0 ? (cpuPercent * scaleOf(step - 1)) / scaleOf(step) : cpuPercent;
  return step > 0 && expected < budgetPercent * wantedRoom ? 'room' : 'fits';
}

/** The throttle after a cost event. Without a budget (null) nothing is throttled. */
export function throttle(state: BudgetState, { cpuPercent, atSeconds }: CostSeen, budgetPercent: number | null): BudgetState {
  if (budgetPercent === null) return { step: 0, trend: 'fits', sinceSeconds: atSeconds };
  const trend = trendOf(state.step, cpuPercent, budgetPercent);
  if (trend !== state.trend) return { step: state.step, trend, sinceSeconds: atSeconds };
  const lasted = atSeconds - state.sinceSeconds;
  if (trend === 'over' && lasted >= overSecondsBeforeLess && state.step < budgetScales.length - 1)
    return { step: state.step + 1, trend: 'fits', sinceSeconds: atSeconds };
  if (trend === 'room' && lasted >= roomSecondsBeforeMore) return { step: state.step - 1, trend: 'fits', sinceSeconds: atSeconds };
  return state;
}

/** What the rates are multiplied by. */
export const rateScale = ({ step }: BudgetState): number => scaleOf(step);
