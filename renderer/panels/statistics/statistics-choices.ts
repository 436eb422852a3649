// What the person chose in Statistics; pinned and charted rows outlive the window.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { WindowModel } from '../../state/window-model.ts';
import type { StatisticChoice } from './statistic-rows.ts';

/** The choices. `charted` is null until somebody chooses rows: then frames are charted. */
export interface StatisticsChoices extends StatisticChoice {
  readonly charted: readonly string[] | null;
  readonly isComparing: boolean;
}

const storageKey = 'ringscope-statistics';
const stores = new WeakMap<WindowModel, StoreApi<StatisticsChoices>>();

const words = (value: unknown): readonly string[] | null =>
  Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.slice(0, 100) : null;

function kept(): Pick<StatisticsChoices, 'pinned' | 'charted'> {
  try {
    const from = JSON.parse(localStorage.getItem(storageKey) ?? 'null') as { pinned?: unknown; charted?: unknown } | null;
    return { pinned: words(from?.pinned) ?? [], charted: words(from?.charted) };
  } catch {
    // A page without storage, or what an older version left.
    return { pinned: [], charted: null };
  }
}

/** The choices of a window. */
export function choicesOf(model: WindowModel): StoreApi<StatisticsChoices> {
  const before = stores.get(model);
  if (before) return before;
  const store = createStore<StatisticsChoices>(() => ({
    filter: '',
    isNonzeroOnly: false,
    isChangingOnly: false,
    order: 'source',
    isComparing: false,
    ...kept(),
  }));
  store.subscribe(({ pinned, charted }, last) => {
    if (pinned === last.pinned && charted === last.charted) return;
    try {
      localStorage.setItem(storageKey, JSON.stringify({ pinned, charted }));
    } catch {
      // Without storage they last as long as the window.
    }
  });
  stores.set(model, store);
  return store;
}

/** A list with an item in it, or without it when it was. */
export const toggled = (list: readonly string[], item: string): readonly string[] =>
  list.includes(item) ? list.filter((one) => one !== item) : [...list, item];
