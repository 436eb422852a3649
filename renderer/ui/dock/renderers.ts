// What dockview puts into its own elements: a panel's content and a group's controls as places for React, tabs as plain elements with the roles that dockview leaves out.
import type {
  DockviewGroupPanel,
  DockviewPanelApi,
  GroupPanelPartInitParameters,
  IContentRenderer,
  IHeaderActionsRenderer,
  ITabRenderer,
} from 'dockview-core';
import type { DockSlots } from './slots.ts';

/** A panel's content. Hidden tabs are taken out of the document, which forgets how far they were scrolled: that is kept here. */
export class PanelContent implements IContentRenderer {
  readonly element = document.createElement('div');
  readonly #id: string;
  readonly #slots: DockSlots;
  readonly #scrolled = new Map<Element, { readonly left: number; readonly top: number }>();
  #api: DockviewPanelApi | null = null;
  #parent: Element | null = null;

  constructor(id: string, slots: DockSlots) {
    this.#id = id;
    this.#slots = slots;
    this.element.className = 'dock-panel';
    this.element.dataset.panel = id;
    this.element.addEventListener(
      'scroll',
      ({ target }) => {
        if (target instanceof Element && this.element.isConnected)
          this.#scrolled.set(target, { left: target.scrollLeft, top: target.scrollTop });
      },
      { capture: true, passive: true },
    );
  }

  init({ api }: GroupPanelPartInitParameters): void {
    this.#api = api;
    this.refresh();
  }

  /** Tabs, groups or what is maximised changed. */
  refresh(): void {
    if (!this.#api) return;
    const isVisible = this.#api.isVisible && this.#api.group.api.isVisible;
    this.#slots.setPanel({ id: this.#id, element: this.element, isVisible });
    if (this.element.parentElement === this.#parent) return;
    this.#parent = this.element.parentElement;
    requestAnimationFrame(() => this.#scrollBack());
  }

  dispose(): void {
    this.#slots.removePanel(this.element);
  }

  #scrollBack(): void {
    for (const [scroller, { left, top }] of this.#scrolled) {
      if (!this.element.contains(scroller)) this.#scrolled.delete(scroller);
      else if (scroller.scrollTop === 0 && scroller.scrollLeft === 0) scroller.scrollTo({ left, top, behavior: 'instant' });
    }
  }
}

/** A tab: its name, and a cross for the pointer; keys are heard by the dock. */
export class PanelTab implements ITabRenderer {
  readonly element = document.createElement('span');
  readonly #id: string;
  #api: DockviewPanelApi | null = null;
  #title = '';

  constructor(id: string) {
    this.#id = id;
    this.element.className = 'dock-tab';
  }

  init({ title, api }: GroupPanelPartInitParameters): void {
    const close = document.createElement('span');
    close.className = 'close';
    close.textContent = '✕';
    close.ariaHidden = 'true';
    close.addEventListener('pointerdown', (event) => event.preventDefault());
    close.addEventListener('click', () => api.close());
    this.element.append(title, close);
    this.#api = api;
    this.#title = title;
    // dockview puts this element into its tab after this returns.
    queueMicrotask(() => this.refresh());
  }

  /** Tabs or groups changed. */
  refresh(): void {
    const tab = this.element.parentElement;
    if (!this.#api || !tab?.classList.contains('dv-tab')) return;
    const title = this.#title;
    const isSelected = this.#api.isVisible;
    tab.role = 'tab';
    tab.dataset.panel = this.#id;
    tab.ariaLabel = title;
    tab.ariaSelected = String(isSelected);
    tab.tabIndex = isSelected ? 0 : -1;
    tab.title = `${title} (Delete closes it)`;
    const list = tab.parentElement;
    if (!list) return;
    list.role = 'tablist';
    list.ariaLabel = 'Panels';
  }
}

/** The controls at the right of a group's tabs. */
export class GroupControls implements IHeaderActionsRenderer {
  readonly element = document.createElement('div');
  readonly #group: DockviewGroupPanel;
  readonly #slots: DockSlots;

  constructor(group: DockviewGroupPanel, slots: DockSlots) {
    this.#group = group;
    this.#slots = slots;
    this.element.className = 'dock-controls';
  }

  init(): void {
    this.#slots.addGroup({ group: this.#group, element: this.element });
  }

  dispose(): void {
    this.#slots.removeGroup(this.element);
  }
}
