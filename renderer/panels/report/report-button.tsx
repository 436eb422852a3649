// The button that makes a report, and the place of its dialog, whose code is loaded with the first.
import { lazy, Suspense } from 'react';
import { useStore } from 'zustand';
import { useModel } from '../../ui/model-context.tsx';

const LoadedDialog = lazy(() => import('./report-dialog.tsx').then(({ ReportDialog }) => ({ default: ReportDialog })));

/** The button that makes one. */
export function ReportButton() {
  const model = useModel();
  return (
    <button
      type="button"
      className="quiet report-button"
      title="Versions, devices, counters, alerts and log for a bug tracker, addresses shortened"
      onClick={() => void model.report.open()}
    >
      Report
    </button>
  );
}

/** Where the dialog is, while it is open. */
export function ReportPlace() {
  const isOpen = useStore(useModel().report.store, (state) => state.isOpen);
  return isOpen ? (
    <Suspense>
      <LoadedDialog />
    </Suspense>
  ) : null;
}
