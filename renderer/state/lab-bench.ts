// What is being done to the lab from this window: the question that is open, what runs, and why the last thing failed.
import { createStore } from 'zustand/vanilla';
import type { Refusal } from '#common/protocol.ts';
import { type LabAction, type LabPlace, perform, placeOf, progressOf, questionOf } from './lab-actions.ts';
import type { WindowModel } from './window-model.ts';

/** How it stands. */
export interface LabBenchState {
  /** What a person is asked to confirm. */
  readonly asked: LabAction | null;
  /** What runs, in words. */
  readonly running: Readonly<Partial<Record<LabPlace, string>>>;
  /** Why the last thing at a place was refused. */
  readonly refusals: Readonly<Partial<Record<LabPlace, Refusal>>>;
}

/** The window's hands on the lab. */
export class LabBench {
  readonly store = createStore<LabBenchState>(() => ({ asked: null, running: {}, refusals: {} }));
  readonly #model: Pick<WindowModel, 'request'>;

  constructor(model: Pick<WindowModel, 'request'>) {
    this.#model = model;
  }

  /** Does it, or asks first where something is lost. */
  do(action: LabAction): void {
    if (questionOf(action)) this.store.setState({ asked: action });
    else void this.#run(action);
  }

  /** The answer to the question. */
  answer(isYes: boolean): void {
    const { asked } = this.store.getState();
    this.store.setState({ asked: null });
    if (asked && isYes) void this.#run(asked);
  }

  async #run(action: LabAction): Promise<void> {
    const place = placeOf(action);
    this.store.setState(({ running, refusals: { [place]: _, ...refusals } }) => ({
      running: { ...running, [place]: progressOf(action) },
      refusals,
    }));
    const refusal = await perform(this.#model, action);
    this.store.setState(({ running: { [place]: _, ...running }, refusals }) => ({
      running,
      // Who crashes a guest hears no answer, or that the pipe has ended: that is what was wanted.
      refusals: refusal && !(action.kind === 'crash' && refusal.code === 'target-not-live') ? { ...refusals, [place]: refusal } : refusals,
    }));
  }
}
