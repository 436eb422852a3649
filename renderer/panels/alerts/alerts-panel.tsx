// What is wrong, and what was: every alert with its evidence and the way to its moment; below, the rules that a person has loaded.
import { Pause } from 'lucide-react';
import { useCallback, useState } from 'react';
import { useStore } from 'zustand';
import { type Alert, alertNames } from '#common/alerts/alert.ts';
import { useModel, useSession, useTime } from '../../ui/model-context.tsx';
import { PlainPanel } from '../../ui/plain-panel.tsx';
import { copyText, saveText } from '../../ui/save-text.ts';
import { AlertRow } from './alert-row.tsx';
import { alertsCsv, alertText } from './alert-text.ts';
import { RulesSection } from './rules-section.tsx';

const rowsShown = 200;

/** Whether an alert has these words in anything that its row says. */
export function isFound({ rule, device, queue, text, severity }: Alert, words: string): boolean {
  const all = `${severity} ${alertNames[rule]} ${device ?? ''} ${queue ?? ''} ${text}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const phase = useSession((state) => state.target?.phase);
  const isWatching = useStore(useModel().alerts.store, (state) => state.isWatchingRings);
  if (isFiltered) return <p className="empty">No alert fits the filter.</p>;
  if (phase !== 'live') return <p className="empty">Alerts are looked out for once the target is live.</p>;
  return (
    <p className="empty">
      ✓ Nothing is wrong. Looked out for: {Object.values(alertNames).join(', ').toLowerCase()}.
      {isWatching ? '' : ' Stuck queues are found only in rings that a panel shows.'}
    </p>
  );
}

/** What looking for stuck queues asks of the target. */
export function watchWords({ rings, hz }: { readonly rings: number; readonly hz: number }, scale: number): string {
  const often = hz * scale;
  const rate = often >= 1 ? `${formatTenths(often)} × a second` : `every ${formatTenths(1 / often)} s`;
  const slowed = scale < 1 ? `; the observer’s budget slowed that to ${Math.round(scale * 100)} %` : '';
  return `For stuck queues ${rings === 1 ? 'one ring is' : `${rings} rings are`} read ${rate}${rings === 1 ? '' : ' each'}, whatever panels show${slowed}. It is part of the observer’s cost in the status bar.`;
}

const formatTenths = (value: number): string => String(Math.round(value * 10) / 10);

/** The panel. */
export function AlertsPanel() {
  const model = useModel();
  const { alerts: all, acknowledged, isWatchingRings, watched } = useStore(model.alerts.store);
  const scale = useStore(model.throttle.store, (state) => state.scale);
  const pausedSeconds = useTime((state) => state.pausedSeconds);
  // What began behind the instant at which the screen stands is only counted; the status bar goes on.
  const alerts = pausedSeconds === null ? all : all.filter(({ sinceSeconds }) => sinceSeconds <= pausedSeconds);
  const waiting = all.length - alerts.length;
  const [isOpenOnly, setOpenOnly] = useState(false);
  const [words, setWords] = useState('');
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((id: string) => {
    setOpened((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]));
  }, []);
  const shown = alerts.filter((alert) => (!isOpenOnly || alert.state === 'open') && isFound(alert, words.trim()));
  const controls = (
    <>
      <span className="soft number">{alerts.filter(({ state }) => state === 'open').length} open</span>
      {waiting > 0 ? (
        <button
          type="button"
          className="number"
          title="Alerts that began since the screen was stopped. Click to go on."
          onClick={() => model.standstill.goOn()}
        >
          <Pause size={12} aria-hidden="true" /> {waiting} newer
        </button>
      ) : null}
      <span className="spacer" />
      <button
        type="button"
        aria-pressed={isWatchingRings}
        onClick={() => model.alerts.watchRings(!isWatchingRings)}
        title="Read rings and vectors even while no panel shows them, so that a stuck queue is found"
      >
        Watch rings
      </button>
      <button type="button" aria-pressed={isOpenOnly} onClick={() => setOpenOnly(!isOpenOnly)} title="Hide what is over">
        Open only
      </button>
      <input
        type="search"
        aria-label="Filter alerts"
        placeholder="filter"
        value={words}
        onChange={({ target }) => setWords(target.value)}
      />
      <button type="button" disabled={shown.length === 0} onClick={() => model.alerts.acknowledge(shown.map(({ id }) => id))}>
        Acknowledge all
      </button>
      <button
        type="button"
        disabled={shown.length === 0}
        onClick={() => void copyText(model, 'Alerts', `${shown.map(alertText).join('\n\n')}\n`)}
      >
        Copy
      </button>
      <button type="button" disabled={shown.length === 0} onClick={() => saveText('ringscope-alerts.csv', 'text/csv', alertsCsv(shown))}>
        CSV
      </button>
    </>
  );
  return (
    <PlainPanel name="Alerts" className="alerts" controls={controls}>
      {isWatchingRings && watched.rings > 0 ? (
        <p className="soft watched-rings" title="Panels that show a ring read it more often; the alerts look at those snapshots too">
          {watchWords(watched, scale)}
        </p>
      ) : null}
      {shown.length === 0 ? <Nothing isFiltered={alerts.length > 0} /> : null}
      <ul className="alert-list" aria-label="Alerts">
        {shown.slice(0, rowsShown).map((alert) => (
          <AlertRow
            key={alert.id}
            alert={alert}
            isOpened={opened.has(alert.id)}
            isAcknowledged={acknowledged.has(alert.id)}
            onToggle={toggle}
          />
        ))}
      </ul>
      {shown.length > rowsShown ? <p className="soft">{shown.length - rowsShown} older ones; the filter or CSV shows them.</p> : null}
      <RulesSection />
    </PlainPanel>
  );
}
