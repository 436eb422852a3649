// What commands do with the dock. Which group is meant: the one that has the focus, else dockview's active one.
import type { DockviewApi, DockviewGroupPanel, IDockviewPanel } from 'dockview-core';
import { panelOf } from '../../panels/registry.tsx';
import type { DockActions, Side } from '../../state/workbench.ts';

const directions: Record<Side, 'left' | 'right' | 'top' | 'bottom'> = { left: 'left', right: 'right', above: 'top', below: 'bottom' };
const leastPx = 100;

/** What has the focus when a panel is gone to: a terminal's input, else the panel itself. */
function focusIn(panel: IDockviewPanel): void {
  const content = panel.view.content.element;
  const input = content.querySelector<HTMLElement>('.xterm-helper-textarea');
  const region = input ?? content.querySelector<HTMLElement>('section, [role="region"]') ?? content;
  if (!input && !region.hasAttribute('tabindex')) region.tabIndex = -1;
  region.focus({ preventScroll: true });
}

/** The groups as one reads them: by rows, then from left to right. */
function inOrder(groups: readonly DockviewGroupPanel[]): DockviewGroupPanel[] {
  const shown = groups.filter((group) => group.api.isVisible && group.panels.length > 0);
  const at = new Map(shown.map((group) => [group, group.element.getBoundingClientRect()]));
  return shown.sort((one, other) => {
    const [a, b] = [at.get(one), at.get(other)];
    if (!a || !b) return 0;
    return Math.abs(a.top - b.top) > 4 ? a.top - b.top : a.left - b.left;
  });
}

/**
 * The group with the most room, by its narrower side: a strip along the window is large and yet too low. A panel goes there for which nobody has chosen a place,
 * since a place of its own would take room from all.
 */
function roomiest(groups: readonly DockviewGroupPanel[]): DockviewGroupPanel | undefined {
  const room = ({ api: { width, height } }: DockviewGroupPanel) => Math.min(width, height);
  return groups.reduce<DockviewGroupPanel | undefined>((best, group) => (best && room(best) >= room(group) ? best : group), undefined);
}

/** Puts a panel into a group, or into a first one: a new one, or the one that is open elsewhere. */
export function addTo(api: DockviewApi, id: string, group: DockviewGroupPanel | undefined): IDockviewPanel | undefined {
  const entry = panelOf(id);
  const open = api.getPanel(id);
  if (open && group && open.group !== group) open.api.moveTo({ group, position: 'center' });
  if (open || !entry) return open;
  const position = group ? { position: { referenceGroup: group } as const } : {};
  return api.addPanel({ id, component: id, tabComponent: 'panel', title: entry.name, ...position });
}

/** The actions on this dock. `openElsewhere` goes to a panel that belongs to another layout and says whether there is one. */
export function dockActions(
  api: DockviewApi,
  { openElsewhere, reset }: { openElsewhere(panel: string): boolean; reset(): void },
): DockActions {
  const focusedGroup = () => api.groups.find(({ element }) => element.contains(document.activeElement)) ?? api.activeGroup;
  const focusedPanel = (id?: string) => (id === undefined ? focusedGroup()?.activePanel : api.getPanel(id));
  const show = (id: string) => {
    let panel = api.getPanel(id);
    if (!panel && openElsewhere(id)) return;
    panel ??= addTo(api, id, focusedGroup() ?? roomiest(api.groups));
    if (!panel) return;
    const maximised = api.groups.find((one) => one.api.isMaximized());
    if (maximised && maximised !== panel.group) api.exitMaximizedGroup();
    panel.api.setActive();
    const shown = panel;
    // Its content is painted in the next frame at the earliest.
    requestAnimationFrame(() => requestAnimationFrame(() => focusIn(shown)));
  };
  return {
    show,
    close: (id) => {
      const panel = focusedPanel(id);
      const group = panel?.group;
      panel?.api.close();
      const next = group?.activePanel ?? api.activePanel;
      if (next) focusIn(next);
    },
    focusNext: (direction) => {
      const groups = inOrder(api.groups);
      const from = groups.findIndex(({ element }) => element.contains(document.activeElement));
      const to = from < 0 ? (direction === 1 ? 0 : groups.length - 1) : (from + direction + groups.length) % groups.length;
      const panel = groups[to]?.activePanel;
      if (!panel) return;
      panel.api.setActive();
      focusIn(panel);
    },
    nextTab: (direction) => {
      const group = focusedGroup();
      if (!group?.activePanel) return;
      const at = group.panels.indexOf(group.activePanel) + direction;
      const next = group.panels[(at + group.panels.length) % group.panels.length];
      if (next) show(next.id);
    },
    toggleMaximised: () => {
      const panel = focusedPanel();
      if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
      else panel?.api.maximize();
      if (panel) focusIn(panel);
    },
    split: (side) => {
      const panel = focusedPanel();
      if (!panel || panel.group.panels.length < 2) return;
      panel.api.moveTo({ group: panel.group, position: directions[side] });
      focusIn(panel);
    },
    resize: ({ width = 0, height = 0 }) => {
      const group = focusedGroup();
      if (!group) return;
      group.api.setSize({
        ...(width !== 0 && { width: Math.max(leastPx, group.api.width + width) }),
        ...(height !== 0 && { height: Math.max(leastPx, group.api.height + height) }),
      });
    },
    reset,
  };
}

/** Keys on a tab: Enter shows it, arrows go along, Delete closes. */
export function onTabKey(api: DockviewApi, event: KeyboardEvent): void {
  const tab = event.target instanceof HTMLElement ? event.target : null;
  const panel = tab?.role === 'tab' ? api.getPanel(tab.dataset.panel ?? '') : undefined;
  if (!tab || !panel) return;
  const tabs = [...(tab.parentElement?.querySelectorAll<HTMLElement>('[role="tab"]') ?? [])];
  const go = (index: number) => tabs.at(index % tabs.length)?.focus();
  const at = tabs.indexOf(tab);
  switch (event.key) {
    case 'Enter':
    case ' ':
      panel.api.setActive();
      break;
    case 'ArrowRight':
      go(at + 1);
      break;
    case 'ArrowLeft':
      go(at - 1);
      break;
    case 'Home':
      go(0);
      break;
    case 'End':
      go(-1);
      break;
    case 'Delete': {
      const { element } = panel.group;
      panel.api.close();
      element.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus();
      break;
    }
    default:
      return;
  }
  event.preventDefault();
}
