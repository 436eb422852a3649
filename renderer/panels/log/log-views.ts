// One view of the log for each window, kept while the panel is off the screen.
import type { WindowModel } from '../../state/window-model.ts';
import { LogView } from './log-view.ts';

const views = new WeakMap<WindowModel, LogView>();

/** The view of a window's log. */
export function logViewOf(model: WindowModel): LogView {
  let view = views.get(model);
  if (!view) {
    view = new LogView(model.log);
    views.set(model, view);
  }
  return view;
}
