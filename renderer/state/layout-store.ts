// What the person at the window chose: selection, sizes, filters. Theme and sizes outlive the window.
import { createStore } from 'zustand/vanilla';

/** The panels in the order of their number keys. */
export const panelNames = ['Queues', 'Descriptors', 'Interrupts', 'Kernel log', 'Statistics', 'Traffic'] as const;
export type PanelName = (typeof panelNames)[number];

/** How the window is coloured. */
export type ThemeChoice = 'system' | 'light' | 'dark';

/** A ring of the selected device. */
export interface RingChoice {
  readonly kind: 'rx' | 'tx';
  readonly index: number;
}

/** Chosen things. */
export interface LayoutState {
  readonly theme: ThemeChoice;
  /** Id of the chosen view (`views.tsx`). */
  readonly view: string;
  readonly device: string | null;
  readonly ring: RingChoice;
  /** Selected descriptor of the selected ring. */
  readonly slot: number | null;
  /** Counts up when a slot was chosen elsewhere and the table has to scroll to it. */
  readonly revealed: number;
  readonly isFrozen: boolean;
  readonly isFollowing: boolean;
  readonly isPaletteOpen: boolean;
  /** A panel that has the whole workbench. */
  readonly maximised: PanelName | null;
  /** Pixels of the right column, and of the first and the last row. */
  readonly rightWidth: number;
  readonly topHeight: number;
  readonly bottomHeight: number;
}

const storageKey = 'ringscope-layout';
type Kept = Pick<LayoutState, 'theme' | 'view' | 'rightWidth' | 'topHeight' | 'bottomHeight'>;
const defaults: Kept = { theme: 'system', view: 'inspect', rightWidth: 432, topHeight: 196, bottomHeight: 206 };

/** Reads what an earlier window kept; anything odd falls back to the first-run layout. */
export function readKept(text: string | null): Kept {
  let kept: unknown;
  try {
    kept = JSON.parse(text ?? 'null');
  } catch {
    return defaults;
  }
  if (typeof kept !== 'object' || !kept) return defaults;
  const from = kept as Record<string, unknown>;
  const size = (name: 'rightWidth' | 'topHeight' | 'bottomHeight') => {
    const value = from[name];
    return typeof value === 'number' && value >= 80 && value <= 4000 ? value : defaults[name];
  };
  const { theme, view } = from;
  return {
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    view: typeof view === 'string' ? view : defaults.view,
    rightWidth: size('rightWidth'),
    topHeight: size('topHeight'),
    bottomHeight: size('bottomHeight'),
  };
}

/** Makes the store from what was kept. */
export function createLayoutStore(kept: string | null) {
  return createStore<LayoutState>(() => ({
    ...readKept(kept),
    device: null,
    ring: { kind: 'rx', index: 0 },
    slot: null,
    revealed: 0,
    isFrozen: false,
    isFollowing: true,
    isPaletteOpen: false,
    maximised: null,
  }));
}

/** A store as `createLayoutStore` makes it. */
export type LayoutStore = ReturnType<typeof createLayoutStore>;

/** Keeps theme and sizes for the next window. */
export function keepLayout(store: LayoutStore, storage: Pick<Storage, 'setItem'>): () => void {
  return store.subscribe(({ theme, view, rightWidth, topHeight, bottomHeight }) => {
    storage.setItem(storageKey, JSON.stringify({ theme, view, rightWidth, topHeight, bottomHeight }));
  });
}

/** What an earlier window kept. */
export const keptLayout = (storage: Pick<Storage, 'getItem'>): string | null => storage.getItem(storageKey);
