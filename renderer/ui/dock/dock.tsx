// The workbench: dockview holds the places, React paints the panels into them. A chunk of its own, loaded while the target starts.
import { createDockview, type DockviewApi, type DockviewGroupPanel } from 'dockview-core';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { createPortal } from 'react-dom';
import { useStore } from 'zustand';
import { type Layout, layoutOf, layouts } from '../../panels/layouts.ts';
import { panelNames } from '../../panels/registry.tsx';
import { type Arrangement, arrange, readDock } from '../../state/dock-layout.ts';
import type { WindowModel } from '../../state/window-model.ts';
import { useModel } from '../model-context.tsx';
import { addTo, dockActions, onTabKey } from './dock-actions.ts';
import { AddMenu, GroupButtons } from './group-controls.tsx';
import { PanelPlace } from './panel-place.tsx';
import { GroupControls, PanelContent, PanelTab } from './renderers.ts';
import { DockSlots } from './slots.ts';

const theme = { name: 'ringscope', className: 'dock-theme', gap: 4, dndOverlayMounting: 'relative', dndPanelOverlay: 'content' } as const;

const holds = (part: Arrangement, panel: string): boolean =>
  'tabs' in part ? part.tabs.includes(panel) : part.parts.some((inner) => holds(inner, panel));

/** dockview and the layout that it shows. */
class DockHost {
  readonly api: DockviewApi;
  readonly #model: WindowModel;
  readonly #place: HTMLElement;
  #shown: Layout | null = null;
  #isLoading = false;

  constructor(place: HTMLElement, model: WindowModel, slots: DockSlots) {
    this.#model = model;
    this.#place = place;
    this.api = createDockview(place, {
      theme,
      disableFloatingGroups: true,
      scrollbars: 'native',
      noPanelsOverlay: 'watermark',
      createComponent: ({ id }) => new PanelContent(id, slots),
      createTabComponent: ({ id }) => new PanelTab(id),
      createRightHeaderActionComponent: (group) => new GroupControls(group, slots),
      createWatermarkComponent: () => ({ element: document.createElement('div'), init: () => undefined }),
    });
    this.api.onDidLayoutChange(() => this.#changed());
    this.api.onDidMaximizedGroupChange(() => this.#changed());
    this.api.onDidActivePanelChange(() => this.#tellWorkbench());
  }

  /** Shows a layout as it was left, or as it is at first. Panels of both stay what they are. */
  show(layout: Layout, isFirstRun = false): void {
    if (this.#shown === layout && !isFirstRun) return;
    this.#isLoading = true;
    const { clientWidth, clientHeight } = this.#place;
    const [width, height] = [clientWidth || 1280, clientHeight || 640];
    const first = () => arrange(layout.firstRun, width, height, panelNames);
    const kept = isFirstRun ? null : readDock(this.#model.layout.getState().docks[layout.id], panelNames);
    try {
      this.api.fromJSON(kept ?? first(), { reuseExistingPanels: true });
    } catch {
      // It read well and yet could not be shown.
      this.api.fromJSON(first());
    }
    this.api.layout(width, height);
    this.#shown = layout;
    this.#isLoading = false;
    this.#tellWorkbench();
  }

  /** A panel that the shown layout does not hold, and Inspect does at first: that is where it is gone to. */
  openElsewhere(panel: string): boolean {
    const home = layouts[0];
    if (!home || this.#shown === home || !holds(home.firstRun, panel)) return false;
    this.#model.layout.setState({ view: home.id });
    // The layout is changed by the effect of that; what comes then waits for it.
    requestAnimationFrame(() => this.#model.workbench.show(panel));
    return true;
  }

  #changed(): void {
    this.#tellWorkbench();
    // While a group is maximised the others have no sizes to be kept.
    if (this.#isLoading || !this.#shown || this.api.hasMaximizedGroup()) return;
    const { id } = this.#shown;
    const dock = this.api.toJSON();
    this.#model.layout.setState(({ docks }) => ({ docks: { ...docks, [id]: dock } }));
  }

  #tellWorkbench(): void {
    if (this.#isLoading) return;
    const { panels } = this.api;
    for (const { view } of panels) {
      if (view.content instanceof PanelContent) view.content.refresh();
      if (view.tab instanceof PanelTab) view.tab.refresh();
    }
    const open = panels.map(({ id }) => id);
    const visible = panels.filter(({ api }) => api.isVisible && api.group.api.isVisible).map(({ id }) => id);
    const isMaximised = this.api.hasMaximizedGroup();
    const before = this.#model.workbench.store.getState();
    if (isMaximised === before.isMaximised && String(open) === String(before.open) && String(visible) === String(before.visible)) return;
    this.#model.workbench.store.setState({ open, visible, isMaximised });
  }
}

/** The dock. `isCovered`: something else stands in its place, and its panels rest. */
export function Dock({ layout, isCovered }: { layout: Layout; isCovered: boolean }) {
  const model = useModel();
  const place = useRef<HTMLDivElement>(null);
  const [slots] = useState(() => new DockSlots());
  const [host, setHost] = useState<DockHost | null>(null);
  const panels = useSyncExternalStore(slots.subscribe, slots.panels);
  const groups = useSyncExternalStore(slots.subscribe, slots.groups);
  const isMaximised = useStore(model.workbench.store, (state) => state.isMaximised);
  useEffect(() => {
    if (!place.current) return;
    const element = place.current;
    const made = new DockHost(element, model, slots);
    made.show(layoutOf(model.layout.getState().view));
    const onKey = (event: KeyboardEvent) => onTabKey(made.api, event);
    element.addEventListener('keydown', onKey);
    const reset = () => made.show(layoutOf(model.layout.getState().view), true);
    const detach = model.workbench.attach(dockActions(made.api, { openElsewhere: (panel) => made.openElsewhere(panel), reset }));
    setHost(made);
    return () => {
      detach();
      element.removeEventListener('keydown', onKey);
      made.api.dispose();
      model.workbench.store.setState({ open: [], visible: [], isMaximised: false });
    };
  }, [model, slots]);
  useEffect(() => host?.show(layout), [host, layout]);
  const add = (panel: string, group: DockviewGroupPanel) => {
    if (host) addTo(host.api, panel, group);
    model.workbench.show(panel);
  };
  return (
    <>
      <div ref={place} className="dock" data-covered={isCovered} inert={isCovered} />
      {isCovered
        ? null
        : panels.map(({ id, element, isVisible }) => createPortal(<PanelPlace id={id} isVisible={isVisible} />, element, id))}
      {isCovered
        ? null
        : groups.map(({ group, element }) =>
            createPortal(
              <GroupButtons
                isMaximised={isMaximised}
                onAdd={(panel) => add(panel, group)}
                onMaximise={() => (isMaximised ? host?.api.exitMaximizedGroup() : group.activePanel?.api.maximize())}
              />,
              element,
              group.id,
            ),
          )}
      {host && panels.length === 0 && !isCovered ? (
        <div className="empty dock-empty">
          <span>No panel is open in this layout.</span>
          <span className="actions">
            <button type="button" className="primary" onClick={() => host.show(layout, true)}>
              Reset layout
            </button>
            <AddMenu label="Open a panel" onAdd={(panel) => model.workbench.show(panel)}>
              Open a panel
            </AddMenu>
          </span>
        </div>
      ) : null}
    </>
  );
}
