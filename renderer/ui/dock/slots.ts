// The places that dockview makes, as React hears of them: one for each panel and one for the controls of each group. React paints into them.
import type { DockviewGroupPanel } from 'dockview-core';

/** The place of a panel's content. */
export interface PanelSlot {
  readonly id: string;
  readonly element: HTMLElement;
  /** In sight: neither behind another tab nor beside a maximised group. */
  readonly isVisible: boolean;
}

/** The place of a group's controls. */
export interface GroupSlot {
  readonly group: DockviewGroupPanel;
  readonly element: HTMLElement;
}

/** Both lists, each replaced when it changes. */
export class DockSlots {
  #panels: readonly PanelSlot[] = [];
  #groups: readonly GroupSlot[] = [];
  readonly #listeners = new Set<() => void>();

  readonly panels = (): readonly PanelSlot[] => this.#panels;
  readonly groups = (): readonly GroupSlot[] => this.#groups;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Adds a panel's place, or changes what is known of it. */
  setPanel(slot: PanelSlot): void {
    const at = this.#panels.findIndex(({ element }) => element === slot.element);
    if (at >= 0 && this.#panels[at]?.isVisible === slot.isVisible) return;
    this.#panels = at < 0 ? [...this.#panels, slot] : this.#panels.with(at, slot);
    this.#tell();
  }

  removePanel(place: HTMLElement): void {
    this.#panels = this.#panels.filter(({ element }) => element !== place);
    this.#tell();
  }

  addGroup(slot: GroupSlot): void {
    this.#groups = [...this.#groups, slot];
    this.#tell();
  }

  removeGroup(place: HTMLElement): void {
    this.#groups = this.#groups.filter(({ element }) => element !== place);
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
