// Keeps the window's observing within its budget: hears what it costs, and asks less often or more often.
import { createStore } from 'zustand/vanilla';
import type { EventOf } from '#common/protocol.ts';
import { type BudgetState, fullSampleHz, rateScale, throttle, unthrottled } from './observer-budget.ts';

/** What slows down. */
export interface Throttled {
  /** Watches and observations are asked for at this part of their rate. */
  slowTo(scale: number): void;
  /** Samples a second from now on. */
  sample(hz: number): void;
}

/** Where the throttle stands, for whoever shows it. */
export interface ThrottleState {
  readonly budget: BudgetState;
  /** Part of the wanted rates that is asked for. */
  readonly scale: number;
}

/** The throttle of one window. */
export class ObserverThrottle {
  readonly store = createStore<ThrottleState>(() => ({ budget: unthrottled, scale: 1 }));
  readonly #throttled: Throttled;

  constructor(throttled: Throttled) {
    this.#throttled = throttled;
  }

  /** Takes what observing cost. `budgetPercent` null lifts the limit. */
  take({ cpuPercent }: Pick<EventOf<'cost'>, 'cpuPercent'>, budgetPercent: number | null, atSeconds: number): void {
    const { budget: before, scale: scaleBefore } = this.store.getState();
    const budget = throttle(before, { cpuPercent, atSeconds }, budgetPercent);
    if (budget === before) return;
    const scale = rateScale(budget);
    this.store.setState({ budget, scale });
    if (scale === scaleBefore) return;
    this.#throttled.slowTo(scale);
    this.#throttled.sample(fullSampleHz * scale);
  }

  /** Another agent: what its forerunner cost says nothing of it. */
  restart(): void {
    const wasThrottled = this.store.getState().scale !== 1;
    this.store.setState({ budget: unthrottled, scale: 1 });
    if (!wasThrottled) return;
    this.#throttled.slowTo(1);
    this.#throttled.sample(fullSampleHz);
  }
}
