// The registers with the whole window to themselves.
import { RegistersPanel } from './registers-panel.tsx';

/** The view. */
export function RegistersView() {
  return (
    <main className="registers-view">
      <RegistersPanel />
    </main>
  );
}
