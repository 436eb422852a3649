// Every counter of the device from whatever counts it, with rates, charts of any of them, and what changed between two marks.
import { Copy, Download } from 'lucide-react';
import { useMemo, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { WindowModel } from '../../state/window-model.ts';
import { useDevice, useModel, useObservation, useSession, useTime } from '../../ui/model-context.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { copyText, saveText } from '../../ui/save-text.ts';
import { csvOf, tabbedOf } from '../../ui/table-text.ts';
import { setMark } from '../../ui/time-commands.ts';
import { comparedRows, comparisonCsv, comparisonText } from './comparison.ts';
import { ComparisonTable, useComparedInstants } from './comparison-table.tsx';
import { type StatisticRow, statisticLines, statisticRows } from './statistic-rows.ts';
import { StatisticsCharts, usuallyCharted } from './statistics-charts.tsx';
import { choicesOf } from './statistics-choices.ts';
import { StatisticsTable } from './statistics-table.tsx';
import { Uncounted } from './uncounted.tsx';

// The kernel's numbers cost the card register reads: once a second is what a person can follow.
const observeHz = 1;

/** The rows of a device. They change when a driver comes or goes, not with every sample. */
export function useStatisticRows(address: string | null, interfaceName: string | null): readonly StatisticRow[] {
  const { history, observationHistory } = useModel();
  const table = useSyncExternalStore(history.subscribe, () => history.table);
  const observed = address === null ? undefined : observationHistory.get(address);
  const keys = useSyncExternalStore(observationHistory.subscribe, () => (address ? observationHistory.get(address)?.keys : undefined));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the histories are the same objects; their table and keys say when their rows are others
  return useMemo(() => statisticRows(history, observed, interfaceName), [history, observed, interfaceName, table, keys]);
}

/** Changes once a second, and with each observation: how often rows may come, go and change places. */
export function useRowsBeat(): string {
  const { history, observationHistory } = useModel();
  const observations = useSyncExternalStore(observationHistory.subscribe, observationHistory.version);
  const second = useSyncExternalStore(history.subscribe, () => Math.floor(history.shownSeconds));
  return `${observations} ${second}`;
}

/** The instant by which rows are chosen; without samples the newest of whatever there is. */
export function rowsInstant({ history }: WindowModel): number {
  return Number.isNaN(history.shownSeconds) ? Number.POSITIVE_INFINITY : history.shownSeconds;
}

const when = (): string => new Date().toISOString().replaceAll(/[:.]/g, '-');

/** What is on the screen as cells. */
function shownCells(rows: readonly StatisticRow[], seconds: number | null): (string | number | null)[][] {
  return [
    ['source', 'name', 'unit', 'seconds since boot', 'value', 'change per second'],
    ...rows.map(({ group, name, unit, key, series }) => {
      const at = seconds ?? series.newestSeconds;
      return [group, name, unit, series.instantAt(at), series.valueAt(key, at), series.rateAt(key, at)];
    }),
  ];
}

function Toolbar() {
  const model = useModel();
  const choices = choicesOf(model);
  const { isNonzeroOnly, isChangingOnly, isComparing } = useStore(choices);
  const a = useTime((state) => state.markASeconds);
  const b = useTime((state) => state.markBSeconds);
  return (
    <div className="statistics-toolbar" role="toolbar" aria-label="Rows and marks">
      <button
        type="button"
        aria-pressed={isNonzeroOnly}
        onClick={() => choices.setState({ isNonzeroOnly: !isNonzeroOnly })}
        title="Hide what has never counted"
      >
        Nonzero
      </button>
      <button
        type="button"
        aria-pressed={isChangingOnly}
        onClick={() => choices.setState({ isChangingOnly: !isChangingOnly })}
        title={isComparing ? 'Hide what did not change between A and B' : 'Hide what did not change in the last minute'}
      >
        Changing
      </button>
      <span className="spacer" />
      <button
        type="button"
        onClick={() => setMark(model, 'A')}
        title={a === null ? 'Mark the instant that is shown ([)' : `A is at ${a.toFixed(3)} s; set it anew ([)`}
      >
        Set mark A
      </button>
      <button
        type="button"
        onClick={() => setMark(model, 'B')}
        title={b === null ? 'Mark the instant that is shown (])' : `B is at ${b.toFixed(3)} s; set it anew (])`}
      >
        Set mark B
      </button>
      <button
        type="button"
        aria-pressed={isComparing}
        onClick={() => choices.setState({ isComparing: !isComparing, ...(isComparing ? {} : { isChangingOnly: true }) })}
        title="What changed between A and B"
      >
        A → B
      </button>
    </div>
  );
}

/** The panel. */
export function StatisticsPanel() {
  const model = useModel();
  const { history, observationHistory, standstill } = model;
  const device = useDevice();
  const phase = useSession((state) => state.target?.phase);
  const bootTimeUnixNs = useSession((state) => state.hello?.bootTimeUnixNs ?? null);
  useObservation(phase === 'live' ? (device?.pciAddress ?? null) : null, observeHz);
  const rows = useStatisticRows(device?.pciAddress ?? null, device?.interface ?? null);
  const beat = useRowsBeat();
  const choices = choicesOf(model);
  const choice = useStore(choices);
  const instants = useComparedInstants();
  const sources = useMemo(() => [history, observationHistory], [history, observationHistory]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows come, go and change places once a second at the most
  const lines = useMemo(() => statisticLines(rows, choice, rowsInstant(model)), [rows, choice, model, beat]);
  const difference = instants && choice.isComparing ? comparedRows(rows, choice, instants.a, instants.b) : null;
  const charted = useMemo(() => choice.charted ?? usuallyCharted(rows), [choice.charted, rows]);
  const shown = lines.flatMap((line) => (line.type === 'row' ? [line.row] : []));
  const copy = () => {
    const text =
      difference && instants ? comparisonText(difference, instants.a, instants.b) : tabbedOf(shownCells(shown, standstill.shownSeconds));
    void copyText(model, 'Table', text);
  };
  const save = () => {
    if (difference && instants)
      saveText(`ringscope-a-to-b-${when()}.csv`, 'text/csv', comparisonCsv(difference, instants.a, instants.b, bootTimeUnixNs));
    else saveText(`ringscope-statistics-${when()}.csv`, 'text/csv', csvOf(shownCells(shown, standstill.shownSeconds)));
  };
  const controls = (
    <>
      <span className="spacer" />
      <input
        aria-label="Filter statistics by name"
        placeholder="Filter"
        value={choice.filter}
        onChange={({ target }) => choices.setState({ filter: target.value })}
      />
      <button type="button" className="quiet" aria-label="Copy the table" title="Copy the table, tab separated" onClick={copy}>
        <Copy size={14} aria-hidden="true" />
      </button>
      <button type="button" className="quiet" aria-label="Export the table as CSV" title="Export the table as CSV" onClick={save}>
        <Download size={14} aria-hidden="true" />
      </button>
    </>
  );
  return (
    <Panel name="Statistics" className="statistics" controls={controls}>
      {rows.length === 0 ? (
        <Empty what="Statistics" />
      ) : (
        <>
          <Toolbar />
          <div className="statistics-scroll">
            {choice.isComparing ? (
              difference && instants ? (
                <ComparisonTable rows={difference} a={instants.a} b={instants.b} isOpen={instants.isOpen} />
              ) : (
                <div className="empty">
                  <span>Set mark A, do what you want to look at, and set mark B: here stands what changed in between.</span>
                  <button type="button" className="primary" onClick={() => setMark(model, 'A')}>
                    Set mark A now
                  </button>
                </div>
              )
            ) : (
              <>
                <StatisticsCharts rows={rows.filter(({ key }) => charted.includes(key))} sources={sources} />
                {shown.length > 0 ? (
                  <StatisticsTable lines={lines} interfaceName={device?.interface ?? null} charted={charted} />
                ) : (
                  <p className="empty">None of the {rows.length} statistics is like that.</p>
                )}
                <Uncounted address={device?.pciAddress ?? null} />
              </>
            )}
          </div>
        </>
      )}
    </Panel>
  );
}
