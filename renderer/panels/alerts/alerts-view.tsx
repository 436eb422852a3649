// Alerts beside the autopsies that were made of them.
import { AutopsyPanel } from '../autopsy/autopsy-panel.tsx';
import { AlertsPanel } from './alerts-panel.tsx';

/** The view. */
export function AlertsView() {
  return (
    <main className="alerts-view">
      <AlertsPanel />
      <AutopsyPanel />
    </main>
  );
}
