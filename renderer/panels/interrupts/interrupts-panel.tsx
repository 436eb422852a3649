// Interrupts by vector and CPU as the kernel counts them, and what the driver's handler made of each.
import { useState } from 'react';
import { formatCount, formatRate, missing } from '../../ui/format.ts';
import { useDevice, useModel, useSource, useWatch } from '../../ui/model-context.tsx';
import { Empty, Panel } from '../../ui/panel.tsx';

const vectorsHz = 4;

/** The panel. */
export function InterruptsPanel() {
  const { history, vectors } = useModel();
  const device = useDevice();
  const [isAll, setAll] = useState(false);
  useSource(history);
  useSource(vectors);
  useWatch(device && device.rings.length > 0 ? device.pciAddress : null, 'vectors', vectorsHz);
  const table = history.table;
  const counted = device ? vectors.get(device.pciAddress) : undefined;
  const rows = (table?.vectors ?? [])
    .map((vector, row) => ({ vector, row, own: counted?.vectors.find(({ irq }) => String(irq) === vector.irq) }))
    .filter(({ vector, own }) => isAll || own !== undefined || (device !== null && vector.device === device.pciAddress));
  const controls = (
    <>
      <span className="spacer" />
      <button type="button" aria-pressed={!isAll} onClick={() => setAll(false)}>
        This device
      </button>
      <button type="button" aria-pressed={isAll} onClick={() => setAll(true)}>
        All
      </button>
    </>
  );
  return (
    <Panel name="Interrupts" className="interrupts" controls={controls}>
      {table && rows.length > 0 && history.newest ? (
        <table>
          <thead>
            <tr>
              <th>IRQ</th>
              <th>Vector</th>
              {table.cpus.map((cpu) => (
                <th className="number" key={cpu}>
                  CPU{cpu}
                </th>
              ))}
              <th className="number">Total</th>
              <th className="number">Rate</th>
              <th className="number" title="Interrupts after which the poll found nothing to do, as the driver counted them">
                Spurious
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ vector, row, own }) => (
              // biome-ignore lint/a11y/noRedundantRoles: tests and assistive tools find rows of every panel by the same role
              <tr role="row" key={vector.irq} data-name={vector.name}>
                <td className="number">{vector.irq}</td>
                <td>{vector.name}</td>
                {table.cpus.map((cpu, column) => (
                  <td className="number" key={cpu}>
                    {formatCount(history.vectorCount(row, column))}
                  </td>
                ))}
                <td className="number" data-testid="interrupt-total">
                  {formatCount(history.vectorTotal(row))}
                </td>
                <td className="number">{formatRate(history.vectorRate(row), '')}</td>
                <td
                  className="number"
                  title={own ? `${own.handled} handled, ${own.polls} polls` : 'Only the driver under test counts these'}
                >
                  {own ? formatCount(Number(own.spurious)) : missing}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <Empty what="Interrupts" />
      )}
    </Panel>
  );
}
