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

/** Tells when it has been put into the document, which dockview does whenever something is split, moved or closed. */
class DockPanelElement extends HTMLElement {
  onConnected: () => void = () => undefined;

  connectedCallback(): void {
    this.onConnected();
  }
}
customElements.define('dock-panel', DockPanelElement);

/** A panel's content. An element that is taken out of the document forgets how far it was scrolled: that is kept here. */
export class PanelContent implements IContentRenderer {
  readonly element: HTMLElement;
  readonly #id: string;
  readonly #slots: DockSlots;
  readonly #scrolled = new Map<Element, { readonly left: number; readonly top: number }>();
  #api: DockviewPanelApi | null = null;
  // From being put into the document until the next frame what scrolls is the browser's forgetting, not the person.
  #isArriving = false;

  constructor(id: string, slots: DockSlots) {
    this.#id = id;
    this.#slots = slots;
    const element = new DockPanelElement();
    element.className = 'dock-panel';
    element.dataset.panel = id;
    element.onConnected = () => this.#arrive();
    const onScroll = ({ target }: Event) => {
      if (target instanceof Element && !this.#isArriving) this.#scrolled.set(target, { left: target.scrollLeft, top: target.scrollTop });
    };
    element.addEventListener('scroll', onScroll, { capture: true, passive: true });
    this.element = element;
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
  }

  dispose(): void {
    this.#slots.removePanel(this.element);
  }

  #arrive(): void {
    if (this.#isArriving) return;
    this.#isArriving = true;
    // The frame's scroll events come before this.
    requestAnimationFrame(() => {
      for (const [scroller, { left, top }] of this.#scrolled) {
        if (this.element.contains(scroller)) scroller.scrollTo({ left, top, behavior: 'instant' });
        else this.#scrolled.delete(scroller);
      }
      this.#isArriving = false;
    });
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
