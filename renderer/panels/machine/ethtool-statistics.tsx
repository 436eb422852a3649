// The statistics that any driver offers (what `ethtool -S` prints, netdev qstats, AER): the table of Statistics, cut to what was observed.
import { useMemo, useState } from 'react';
import type { Device } from '#common/protocol.ts';
import { useModel, useSession } from '../../ui/model-context.tsx';
import { PlainPanel } from '../../ui/plain-panel.tsx';
import { type StatisticChoice, statisticLines } from '../statistics/statistic-rows.ts';
import { rowsInstant, useRowsBeat, useStatisticRows } from '../statistics/statistics-panel.tsx';
import { StatisticsTable } from '../statistics/statistics-table.tsx';
import { NotOffered } from './offered.tsx';

/** The panel. */
export function EthtoolStatistics({ device }: { device: Device | null }) {
  const model = useModel();
  const newest = useSession((state) => (device ? state.observations[device.pciAddress]?.newest : undefined));
  const [filter, setFilter] = useState('');
  const [isChangingOnly, setChangingOnly] = useState(false);
  const rows = useStatisticRows(device?.pciAddress ?? null, null);
  const beat = useRowsBeat();
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows come and go once a second at the most
  const lines = useMemo(() => {
    const choice: StatisticChoice = { filter, isChangingOnly, isNonzeroOnly: false, order: 'source', pinned: [] };
    return statisticLines(rows, choice, rowsInstant(model));
  }, [rows, filter, isChangingOnly, model, beat]);
  const controls = (
    <>
      <span className="spacer" />
      <button
        type="button"
        aria-pressed={isChangingOnly}
        onClick={() => setChangingOnly(!isChangingOnly)}
        title="Hide what did not change in the last minute"
      >
        Changing
      </button>
      <input
        aria-label="Filter statistics by name"
        placeholder="Filter"
        value={filter}
        onChange={({ target }) => setFilter(target.value)}
      />
    </>
  );
  return (
    <PlainPanel name="Driver statistics" className="ethtool-statistics" controls={controls} isText>
      {rows.length === 0 ? (
        <NotOffered what="Statistics" reason={newest?.ethtoolStatistics.reason ?? null} isSeen={newest !== undefined} />
      ) : lines.length === 0 ? (
        <p className="empty">
          None of the {rows.length} statistics {isChangingOnly ? 'changes' : 'has such a name'}.
        </p>
      ) : (
        <div className="statistics-scroll">
          <StatisticsTable lines={lines} interfaceName={device?.interface ?? null} charted={null} />
        </div>
      )}
    </PlainPanel>
  );
}
