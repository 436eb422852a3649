// What the person at the window chose: layouts, selection, filters, keys. Much of it outlives the window.
import { createStore } from 'zustand/vanilla';
import { budgetLimits, defaultBudgetPercent } from './observer-budget.ts';

/** How the window is coloured. */
export type ThemeChoice = 'system' | 'light' | 'dark';

/** How panels write numbers that may be read either way: register and descriptor fields. */
export type NumberBase = 'mixed' | 'hex' | 'dec';

/** A ring of the selected device. */
export interface RingChoice {
  readonly kind: 'rx' | 'tx';
  readonly index: number;
}

/** What outlives the window. */
interface Kept {
  readonly theme: ThemeChoice;
  readonly numberBase: NumberBase;
  /** Id of the chosen layout (`panels/layouts.ts`). */
  readonly view: string;
  /** Where panels stand, by layout, in dockview's words; `readDock` decides what is believed of it. */
  readonly docks: Readonly<Record<string, unknown>>;
  /** Key combinations by command name where they were bound anew; null where the command has none now. */
  readonly keys: Readonly<Record<string, string | null>>;
  /** Names of the commands that the palette ran last, newest first. */
  readonly recentCommands: readonly string[];
  /** Per cent of one core that observing may cost the target; null lifts the limit. */
  readonly budgetPercent: number | null;
}

/** Chosen things. */
export interface LayoutState extends Kept {
  readonly device: string | null;
  readonly ring: RingChoice;
  /** Selected descriptor of the selected ring. */
  readonly slot: number | null;
  /** Counts up when a slot was chosen elsewhere and the table has to scroll to it. */
  readonly revealed: number;
  readonly isFrozen: boolean;
  readonly isFollowing: boolean;
  readonly isPaletteOpen: boolean;
  readonly isShortcutSheetOpen: boolean;
}

const storageKey = 'ringscope-layout';
// Layouts of another version are not read; what is not a layout is, where it makes sense.
const version = 2;
const recentKept = 8;
const defaults: Kept = {
  theme: 'system',
  numberBase: 'mixed',
  view: 'inspect',
  docks: {},
  keys: {},
  recentCommands: [],
  budgetPercent: defaultBudgetPercent,
};

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function readBudget(value: unknown): number | null {
  if (value === null) return null;
  return typeof value === 'number' && value >= budgetLimits.least && value <= budgetLimits.most ? value : defaultBudgetPercent;
}

/** Reads what an earlier window kept; anything odd falls back to what a first window has. */
export function readKept(text: string | null): Kept {
  let kept: unknown;
  try {
    kept = JSON.parse(text ?? 'null');
  } catch {
    return defaults;
  }
  if (!isRecord(kept)) return defaults;
  const theme = kept.theme === 'light' || kept.theme === 'dark' ? kept.theme : 'system';
  if (kept.version !== version) return { ...defaults, theme };
  const keys = Object.entries(isRecord(kept.keys) ? kept.keys : {}).filter(
    (entry): entry is [string, string | null] => entry[1] === null || typeof entry[1] === 'string',
  );
  const recent = Array.isArray(kept.recentCommands) ? kept.recentCommands : [];
  return {
    theme,
    numberBase: kept.numberBase === 'dec' || kept.numberBase === 'hex' ? kept.numberBase : 'mixed',
    view: typeof kept.view === 'string' ? kept.view : defaults.view,
    docks: isRecord(kept.docks) ? kept.docks : {},
    keys: Object.fromEntries(keys),
    recentCommands: recent.filter((name) => typeof name === 'string').slice(0, recentKept),
    budgetPercent: readBudget(kept.budgetPercent),
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
    isShortcutSheetOpen: false,
  }));
}

/** A store as `createLayoutStore` makes it. */
export type LayoutStore = ReturnType<typeof createLayoutStore>;

/** A command was run from the palette: it stands first there from now on. */
export function rememberCommand(store: LayoutStore, name: string): void {
  store.setState(({ recentCommands }) => ({
    recentCommands: [name, ...recentCommands.filter((other) => other !== name)].slice(0, recentKept),
  }));
}

/** Keeps for the next window what outlives this one. */
export function keepLayout(store: LayoutStore, storage: Pick<Storage, 'setItem'>): () => void {
  return store.subscribe(({ theme, numberBase, view, docks, keys, recentCommands, budgetPercent }) => {
    storage.setItem(storageKey, JSON.stringify({ version, theme, numberBase, view, docks, keys, recentCommands, budgetPercent }));
  });
}

/** What an earlier window kept. */
export const keptLayout = (storage: Pick<Storage, 'getItem'>): string | null => storage.getItem(storageKey);
