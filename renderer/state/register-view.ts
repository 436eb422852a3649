// What a person chose in the register panel: search, what is open, what is watched. It outlives the panel, not the window.
import { createStore } from 'zustand/vanilla';

/** Which registers are listed. */
export const registerFilters = ['all', 'read', 'changed', 'watched'] as const;
export type RegisterFilter = (typeof registerFilters)[number];

/** Chosen things. Sets hold keys of rows; `watched` holds offsets in the order in which they were chosen. */
export interface RegisterView {
  readonly search: string;
  readonly filter: RegisterFilter;
  readonly closedGroups: ReadonlySet<string>;
  readonly open: ReadonlySet<string>;
  readonly watched: readonly number[];
  readonly hz: 1 | 2 | 4;
  /** Key of the row that the keyboard is at. */
  readonly selected: string | null;
}

/** Makes a store with everything listed and nothing open. */
export function createRegisterView() {
  return createStore<RegisterView>(() => ({
    search: '',
    filter: 'all',
    closedGroups: new Set(),
    open: new Set(),
    watched: [],
    hz: 2,
    selected: null,
  }));
}

/** A store as `createRegisterView` makes it. */
export type RegisterViewStore = ReturnType<typeof createRegisterView>;

function toggled(set: ReadonlySet<string>, key: string, on = !set.has(key)): ReadonlySet<string> {
  const next = new Set(set);
  if (on) next.add(key);
  else next.delete(key);
  return next;
}

/** Opens or closes a group. */
export const toggleGroup = (store: RegisterViewStore, group: string, isOpen?: boolean): void =>
  store.setState(({ closedGroups }) => ({ closedGroups: toggled(closedGroups, group, isOpen === undefined ? undefined : !isOpen) }));

/** Opens or closes an array or a register. */
export const toggleOpen = (store: RegisterViewStore, key: string, isOpen?: boolean): void =>
  store.setState(({ open }) => ({ open: toggled(open, key, isOpen) }));

/** Watches a register, or no longer. */
export const toggleWatched = (store: RegisterViewStore, offset: number): void =>
  store.setState(({ watched }) => ({ watched: watched.includes(offset) ? watched.filter((one) => one !== offset) : [...watched, offset] }));
