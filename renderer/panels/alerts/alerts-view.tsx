// Alerts beside the autopsies that were made of them. Both are loaded when they are first looked at.
import { lazy, Suspense } from 'react';

const AlertsPanel = lazy(() => import('./alerts-panel.tsx').then((loaded) => ({ default: loaded.AlertsPanel })));
const AutopsyPanel = lazy(() => import('../autopsy/autopsy-panel.tsx').then((loaded) => ({ default: loaded.AutopsyPanel })));

/** The view. */
export function AlertsView() {
  return (
    <main className="alerts-view">
      <Suspense fallback={<p className="empty">The panels are loaded.</p>}>
        <AlertsPanel />
        <AutopsyPanel />
      </Suspense>
    </main>
  );
}
