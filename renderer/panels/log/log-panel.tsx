// The kernel log, newest at the bottom: filtered, marked, its reports folded. It follows the end until somebody scrolls up, and again when asked.
import { useRef, useSyncExternalStore } from 'react';
import { formatCount } from '../../ui/format.ts';
import { useLayout, useModel, useTime } from '../../ui/model-context.tsx';
import { Panel } from '../../ui/panel.tsx';
import { knownReport } from './known-reports.ts';
import { stepToHit } from './log-actions.ts';
import { LogExportMenu } from './log-export-menu.tsx';
import { LogList } from './log-list.tsx';
import { LogToolbar } from './log-toolbar.tsx';
import type { LogView, TimeMode } from './log-view.ts';
import { logViewOf } from './log-views.ts';
import { ReportDetail } from './report-detail.tsx';
import { WaitingRows } from './waiting-rows.tsx';

const timeModes: readonly { readonly mode: TimeMode; readonly name: string }[] = [
  { mode: 'boot', name: 'since boot' },
  { mode: 'wall', name: 'wall clock' },
  { mode: 'delta', name: 'since the row before' },
];

/** How many rows there are, how many of them are shown, and where the bound is. */
function Count({ view }: { view: LogView }) {
  const { log, shown } = view;
  const { rows, textBytes } = log.bounds;
  const words = view.isFiltered ? `${formatCount(shown.passed.length)} of ${formatCount(log.length)}` : formatCount(log.length);
  const gone = log.trimmedRows + log.earlierRecords;
  const limit = `This window keeps the newest ${formatCount(rows)} rows, and at most ${formatCount(textBytes / 1024 / 1024)} MiB of text.`;
  const cut = log.trimmedRows > 0 ? ` ${formatCount(log.trimmedRows)} older rows were cut off.` : '';
  const earlier =
    log.earlierRecords > 0 ? ` ${formatCount(log.earlierRecords)} records from before are not kept by the session any more.` : '';
  return (
    <>
      <span className="soft number" data-testid="log-count" title={`${limit}${cut}${earlier}`}>
        {words} {words === '1' ? 'row' : 'rows'}
        {gone > 0 ? `, ${formatCount(gone)} older gone` : ''}
      </span>
      {view.progress === null ? null : (
        <span role="status" className="soft number">
          filtering {(view.progress * 100).toFixed(0)} %
        </span>
      )}
    </>
  );
}

/** The decoded report of the selected row, while that report is open. */
function SelectedReport({ view }: { view: LogView }) {
  const { focus } = view.selection;
  const id = focus === null ? 0 : view.shown.reportOf(focus);
  const known = id !== 0 && view.shown.isOpen(id) ? knownReport(view.log, id) : null;
  return known ? <ReportDetail known={known} /> : null;
}

/** The panel. */
export function LogPanel() {
  const model = useModel();
  const view = logViewOf(model);
  useSyncExternalStore(view.subscribe, view.version);
  const isFollowing = useLayout((state) => state.isFollowing);
  const pausedSeconds = useTime((state) => state.pausedSeconds);
  const filterField = useRef<HTMLInputElement>(null);
  const controls = (
    <>
      <Count view={view} />
      {pausedSeconds === null ? null : <WaitingRows pausedSeconds={pausedSeconds} />}
      <span className="spacer" />
      <select aria-label="Time" value={view.timeMode} onChange={({ target }) => view.setTimeMode(target.value as TimeMode)}>
        {timeModes.map(({ mode, name }) => (
          <option key={mode} value={mode}>
            {name}
          </option>
        ))}
      </select>
      <LogExportMenu view={view} />
      <button
        type="button"
        aria-pressed={isFollowing}
        onClick={() => model.layout.setState({ isFollowing: !isFollowing })}
        title="Follow the end (F)"
      >
        ⤓ Follow
      </button>
    </>
  );
  return (
    <Panel name="Kernel log" className="log" controls={controls}>
      <div className="log-split">
        <LogToolbar view={view} filterField={filterField} onStep={(direction) => stepToHit(model, view, direction)} />
        <LogList
          view={view}
          onFind={() => {
            filterField.current?.focus();
            filterField.current?.select();
          }}
        />
        <SelectedReport view={view} />
      </div>
    </Panel>
  );
}
