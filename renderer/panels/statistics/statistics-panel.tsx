// What the driver's file in /proc and the network stack count, with rates and a chart of the kept minute.
import { formatCount, formatRate } from '../../ui/format.ts';
import { useDevice, useModel, useSource } from '../../ui/model-context.tsx';
import { usePaintedTheme } from '../../ui/painted-theme.ts';
import { Empty, Panel } from '../../ui/panel.tsx';
import { RateChart } from './rate-chart.tsx';

const units = { packets: 'frames', bytes: 'bytes', count: '', nanoseconds: 'ns' } as const;

/** The panel. */
export function StatisticsPanel() {
  const { history } = useModel();
  const device = useDevice();
  const theme = usePaintedTheme();
  useSource(history);
  const counters = (history.table?.counters ?? [])
    .map((counter, index) => ({ ...counter, index }))
    .filter((counter) => device?.interface != null && counter.interface === device.interface)
    // The driver's own file first: it is what this window is about.
    .sort((a, b) => Number(a.source === 'netdev') - Number(b.source === 'netdev'));
  const indexOf = (name: string) => counters.find((counter) => counter.source === 'network_stats' && counter.name === name)?.index ?? -1;
  const controls = (
    <>
      <span className="spacer" />
      <span className="chart-key soft">
        <span className="key-rx">received</span>
        <span className="key-tx">sent, frames/s</span>
      </span>
    </>
  );
  return (
    <Panel name="Statistics" className="statistics" controls={controls}>
      {counters.length > 0 && history.newest ? (
        <>
          <div className="chart">
            <RateChart history={history} rx={indexOf('RX packets')} tx={indexOf('TX packets')} theme={theme} />
          </div>
          <table>
            <tbody>
              {counters.map(({ index, name, source, unit, interface: interfaceName }) => (
                <tr key={index}>
                  <td>{name}</td>
                  <td className="soft">{source === 'network_stats' ? '/proc' : 'netdev'}</td>
                  <td className="number" data-testid="statistic" data-name={name} data-interface={interfaceName}>
                    {formatCount(history.counterAt(index, 0))}
                  </td>
                  <td className="number soft">{formatRate(history.counterRate(index), units[unit])}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      ) : (
        <Empty what="Statistics" />
      )}
    </Panel>
  );
}
