// Where panels stand: an arrangement as a person writes it, made into dockview's words for a place of some size; and what an earlier window kept, taken only if it makes sense.
import type { SerializedDockview } from 'dockview-core';

/** How much of its row or column a part takes: its share by weight, never less than `least` nor more than `most` pixels while there is room. */
export interface Share {
  readonly weight: number;
  readonly least?: number;
  readonly most?: number;
}

/** Panels stacked as tabs, or parts beside (`columns`) or above one another (`rows`). Splits alternate: a row holds columns, a column rows. */
export type Arrangement = Share &
  ({ readonly tabs: readonly string[] } | { readonly split: 'rows' | 'columns'; readonly parts: readonly Arrangement[] });

/** Names of panels by id. */
export type PanelNames = ReadonlyMap<string, string>;

type Node = SerializedDockview['grid']['root'];

/** Divides `total` pixels by weight within the bounds. The sum is `total`, unless the bounds forbid it: then the last part bears the difference. */
export function divide(total: number, shares: readonly Share[]): number[] {
  const sizes = shares.map(() => 0);
  const open = new Set(shares.keys());
  let left = total;
  for (let isDone = false; !isDone && open.size > 0; ) {
    isDone = true;
    const weights = [...open].reduce((sum, index) => sum + (shares[index]?.weight ?? 0), 0);
    for (const index of [...open]) {
      const { weight = 1, least = 0, most = Number.POSITIVE_INFINITY } = shares[index] ?? {};
      const wanted = (left * weight) / weights;
      sizes[index] = Math.round(Math.min(most, Math.max(least, wanted)));
      if (wanted >= least && wanted <= most) continue;
      // A part that met its bound is settled; what it leaves is divided anew.
      open.delete(index);
      left -= sizes[index] ?? 0;
      isDone = false;
      break;
    }
  }
  const last = sizes.length - 1;
  sizes[last] = Math.max(1, (sizes[last] ?? 0) + total - sizes.reduce((sum, size) => sum + size, 0));
  return sizes;
}

/** What dockview loads. Root is always a branch; sizes of children run along their parent's direction. */
function serialized(root: Node, rows: boolean, size: { width: number; height: number }, names: PanelNames, activeGroup?: string) {
  const panels: SerializedDockview['panels'] = {};
  const collect = (node: Node): void => {
    if (Array.isArray(node.data)) for (const child of node.data) collect(child as Node);
    else for (const id of node.data.views) panels[id] = { id, contentComponent: id, tabComponent: 'panel', title: names.get(id) ?? id };
  };
  collect(root);
  const orientation = (rows ? 'VERTICAL' : 'HORIZONTAL') as SerializedDockview['grid']['orientation'];
  return { grid: { root, ...size, orientation }, panels, ...(activeGroup !== undefined && { activeGroup }) } as SerializedDockview;
}

/** The arrangement for a place of this size. Panels without a name are not known here and left out. */
export function arrange(arrangement: Arrangement, width: number, height: number, names: PanelNames): SerializedDockview {
  let groups = 0;
  const known = (part: Arrangement): Arrangement | null => {
    if ('tabs' in part) {
      const tabs = part.tabs.filter((id) => names.has(id));
      return tabs.length > 0 ? { ...part, tabs } : null;
    }
    const parts = part.parts.flatMap((inner) => known(inner) ?? []);
    return parts.length > 0 ? { ...part, parts } : null;
  };
  const build = (part: Arrangement, size: number, inner: { width: number; height: number }): Node => {
    if ('tabs' in part) {
      groups += 1;
      return { type: 'leaf', size, data: { id: String(groups), views: [...part.tabs], activeView: part.tabs[0] } } as Node;
    }
    const isRows = part.split === 'rows';
    const sizes = divide(isRows ? inner.height : inner.width, part.parts);
    const data = part.parts.map((child, index) => {
      const own = sizes[index] ?? 1;
      return build(child, own, isRows ? { width: inner.width, height: own } : { width: own, height: inner.height });
    });
    return { type: 'branch', size, data } as Node;
  };
  const whole = known(arrangement) ?? { weight: 1, tabs: [] };
  const split: Arrangement = 'split' in whole ? whole : { weight: 1, split: 'rows', parts: whole.tabs.length > 0 ? [whole] : [] };
  const isRows = 'split' in split && split.split === 'rows';
  return serialized(build(split, isRows ? width : height, { width, height }), isRows, { width, height }, names);
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isSize = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0 && value < 20_000;
// Deeper than anybody splits.
const deepest = 12;

/** A kept layout in dockview's words, rebuilt from what makes sense of it; null when anything of it is odd, so that the first-run layout is shown instead. */
export function readDock(kept: unknown, names: PanelNames): SerializedDockview | null {
  if (!isObject(kept) || !isObject(kept.grid)) return null;
  const { root, width, height, orientation } = kept.grid;
  if (!isSize(width) || !isSize(height) || (orientation !== 'VERTICAL' && orientation !== 'HORIZONTAL')) return null;
  const seen = new Set<string>();
  const groups = new Set<string>();
  const read = (node: unknown, depth: number): Node | null => {
    if (!isObject(node) || !isSize(node.size) || depth > deepest) return null;
    const { size, data } = node;
    if (node.type === 'branch') {
      if (!Array.isArray(data) || (data.length === 0 && depth > 0)) return null;
      const children = data.map((child) => read(child, depth + 1));
      return children.includes(null) ? null : ({ type: 'branch', size, data: children } as Node);
    }
    if (node.type !== 'leaf' || depth === 0 || !isObject(data)) return null;
    const { id, views, activeView } = data;
    if (typeof id !== 'string' || groups.has(id) || !Array.isArray(views) || views.length === 0) return null;
    for (const view of views) {
      if (typeof view !== 'string' || !names.has(view) || seen.has(view)) return null;
      seen.add(view);
    }
    groups.add(id);
    const active = views.includes(activeView) ? activeView : views[0];
    return { type: 'leaf', size, data: { id, views, activeView: active } } as Node;
  };
  const tree = read(root, 0);
  if (!tree) return null;
  const active = typeof kept.activeGroup === 'string' && groups.has(kept.activeGroup) ? kept.activeGroup : undefined;
  return serialized(tree, orientation === 'VERTICAL', { width, height }, names, active);
}
