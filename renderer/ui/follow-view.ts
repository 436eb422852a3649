// A view may be asked for by the id of a panel: that panel is then brought into the layout that is shown.
import { layouts } from '../panels/layouts.ts';
import { panelOf } from '../panels/registry.tsx';
import type { WindowModel } from '../state/window-model.ts';

const isLayout = (id: string) => layouts.some((layout) => layout.id === id);

/** Watches the chosen view until the returned function is called. */
export function followView({ layout, workbench }: WindowModel): () => void {
  const follow = (view: string, before: string) => {
    if (isLayout(view)) return;
    layout.setState({ view: isLayout(before) ? before : (layouts[0]?.id ?? view) });
    if (panelOf(view)) workbench.show(view);
  };
  const { view } = layout.getState();
  follow(view, view);
  return layout.subscribe((state, before) => {
    if (state.view !== before.view) follow(state.view, before.view);
  });
}
