// What the driver's file in /proc and the network stack count, with rates and a chart of the kept minute.
import { counterKey } from '../../state/sample-history.ts';
import { formatCount, formatRate } from '../../ui/format.ts';
import { useDevice, useModel, useSource } from '../../ui/model-context.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';
import { TimeChart } from '../../ui/time-chart.tsx';

const units = { packets: 'frames', bytes: 'bytes', count: '' } as const;

/** The panel. */
export function StatisticsPanel() {
  const { history } = useModel();
  const device = useDevice();
  useSource(history);
  const counters = (history.table?.counters ?? [])
    .map((counter, index) => ({ ...counter, index }))
    .filter((counter) => device?.interface != null && counter.interface === device.interface)
    // The driver's own file first: it is what this window is about.
    .sort((a, b) => Number(a.source === 'netdev') - Number(b.source === 'netdev'));
  const keyOf = (name: string) => counters.filter((counter) => counter.source === 'network_stats' && counter.name === name).map(counterKey);
  const charted = [keyOf('RX packets'), keyOf('TX packets')];
  return (
    <Panel name="Statistics" className="statistics">
      {counters.length > 0 && history.newest ? (
        <>
          <div className="chart">
            <TimeChart
              name="Frames"
              unit="frames/s"
              series={[
                { label: 'received', token: 'hardware' },
                { label: 'sent', token: 'done', dash: [4, 3] },
              ]}
              sources={[history]}
              points={(index, range, pixels) => history.rates(charted[index] ?? [], range, pixels)}
              height={128}
            />
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
