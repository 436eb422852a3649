// The chosen rows as lines, one chart a unit.
import type { Source } from '../../state/source.ts';
import { TimeChart, type TimeSeries } from '../../ui/time-chart.tsx';
import { chartUnit } from './statistic-format.ts';
import type { StatisticRow } from './statistic-rows.ts';

const chartHeight = 116;

/** What is charted before anybody chose: frames as the driver counts them, or else the network stack. */
export function usuallyCharted(rows: readonly StatisticRow[]): readonly string[] {
  const find = (own: string, stack: string) =>
    rows.find(({ group, name }) => group === 'network_stats' && name === own) ??
    rows.find(({ group, name }) => group === 'netdev' && name === stack);
  return [find('RX packets', 'rx_packets'), find('TX packets', 'tx_packets')].flatMap((row) => (row ? [row.key] : []));
}

/** The first line of what is received, and of what is sent, look as they do everywhere. */
function styled(rows: readonly StatisticRow[]): TimeSeries[] {
  const first = (direction: RegExp) => rows.find(({ name }) => direction.test(name));
  const [received, sent] = [first(/^rx/i), first(/^tx/i)];
  return rows.map((row) => {
    const label = row.group === 'network_stats' ? row.name : `${row.name} (${row.group})`;
    if (row === received) return { label, token: 'hardware', dash: [] };
    return row === sent ? { label, token: 'done', dash: [4, 3] } : { label };
  });
}

/** The charts. */
export function StatisticsCharts({ rows, sources }: { rows: readonly StatisticRow[]; sources: readonly Source[] }) {
  const units = [...new Set(rows.map(({ unit }) => unit))];
  return units.map((unit) => {
    const ofUnit = rows.filter((row) => row.unit === unit);
    return (
      <TimeChart
        key={unit}
        name={unit === 'count' ? 'Counts' : unit === 'frames' ? 'Frames' : unit === 'bytes' ? 'Bytes' : 'Time'}
        unit={chartUnit(unit)}
        series={styled(ofUnit)}
        sources={sources}
        points={(index, range, pixels) => {
          const row = ofUnit[index];
          return row ? row.series.rates([row.key], range, pixels) : { seconds: [], values: [] };
        }}
        height={chartHeight}
      />
    );
  });
}
