// The report for a bug tracker: seen before it leaves, then copied or saved.
import { useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { reportText } from '#common/report/report-text.ts';
import { useModel } from '../../ui/model-context.tsx';
import { copyText, saveText } from '../../ui/save-text.ts';

/** The dialog, while it is open. */
export function ReportDialog() {
  const model = useModel();
  const { isOpen, keepsAddresses, report } = useStore(model.report.store);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
    else dialog.current?.close();
  }, [isOpen]);
  const text = report ? reportText(report) : '';
  const name = report ? `ringscope-report-${new Date(report.createdUnixMs).toISOString().replaceAll(/[:.]/g, '-').slice(0, 19)}` : '';
  return (
    <dialog ref={dialog} className="report-dialog" aria-label="Report" onClose={() => model.report.close()}>
      {isOpen ? (
        <>
          <header>
            <h2>Report</h2>
            <label>
              <input type="checkbox" checked={keepsAddresses} onChange={({ target }) => void model.report.keepAddresses(target.checked)} />{' '}
              MAC and IP addresses in full
            </label>
            <span className="spacer" />
            <button type="button" className="primary" disabled={!report} onClick={() => void copyText(model, 'Report', text)}>
              Copy
            </button>
            <button type="button" disabled={!report} onClick={() => saveText(`${name}.txt`, 'text/plain', text)}>
              Save text
            </button>
            <button
              type="button"
              disabled={!report}
              onClick={() => saveText(`${name}.json`, 'application/json', `${JSON.stringify(report, null, 2)}\n`)}
            >
              Save JSON
            </button>
            <button type="button" onClick={() => model.report.close()}>
              Close
            </button>
          </header>
          {report ? (
            <section className="report-text" tabIndex={0} aria-label="Text of the report">
              <pre className="mono">{text}</pre>
            </section>
          ) : (
            <p className="empty">The doctor looks at this machine, then the report is made.</p>
          )}
        </>
      ) : null}
    </dialog>
  );
}
