// The theme as it is painted: canvases read its colours when they draw, so they must hear of a change.
import { useSyncExternalStore } from 'react';

const painted = (): string => document.documentElement.dataset.theme ?? 'light';

function onChange(listener: () => void): () => void {
  const watcher = new MutationObserver(listener);
  watcher.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => watcher.disconnect();
}

/** `light` or `dark`, which follows the system where none was chosen. */
export const usePaintedTheme = (): string => useSyncExternalStore(onChange, painted);
