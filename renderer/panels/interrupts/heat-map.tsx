// Vectors × CPUs: how many interrupts each took, as a number and a shade, with what the vector serves and what its interrupts were worth.
import { type MouseEvent, useEffect, useRef } from 'react';
import type { SampleTable } from '../../state/sample-history.ts';
import { formatCount } from '../../ui/format.ts';
import { useModel } from '../../ui/model-context.tsx';
import { usePaintedTheme } from '../../ui/painted-theme.ts';
import { formatCpuList } from './cpu-list.ts';
import { type HeatMode, mostNumberedCpus, paintHeat } from './heat-painter.ts';
import { isShownOtherwise, shownAge } from './measured.ts';
import type { VectorRow } from './vector-rows.ts';

const perInterrupt = 'Frames of the vector’s queues for each of its interrupts, over the last second in which the driver’s counts moved';
const counted = 'Interrupts after which the poll found nothing to do; only the driver under test counts them';

/** What the map shows. `device` is the PCI address of the rows that are a device's. */
export interface HeatMapProps {
  readonly table: SampleTable;
  readonly rows: readonly VectorRow[];
  readonly device: string | null;
  readonly mode: HeatMode;
  /** The irq of the row that is looked at. */
  readonly chosen: string | null;
  onChoose(irq: string): void;
}

/** Paints the rows after each change of what they show. */
function usePaintedRows({ table, rows, device, mode }: HeatMapProps) {
  const { vectorHistory, queueFrames, vectors, time, loop } = useModel();
  const body = useRef<HTMLTableSectionElement>(null);
  const theme = usePaintedTheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme means other colours of the strips
  useEffect(() => {
    const paint = () => {
      const { pausedSeconds } = time.getState();
      if (!body.current) return;
      paintHeat({
        body: body.current,
        rows,
        cpuCount: table.cpus.length,
        mode,
        age: shownAge(vectorHistory, time.getState()),
        counted: pausedSeconds === null ? (device !== null ? vectors.get(device) : undefined) : null,
        vectorHistory,
        queueFrames,
        device,
      });
    };
    paint();
    const invalidate = () => loop.invalidate(paint);
    const resize = new ResizeObserver(invalidate);
    if (body.current) resize.observe(body.current);
    const endings = [vectorHistory, queueFrames, vectors].map((source) => source.subscribe(invalidate));
    endings.push(
      time.subscribe((now, before) => isShownOtherwise(now, before) && invalidate()),
      () => resize.disconnect(),
    );
    return () => endings.forEach((end) => void end());
  }, [vectorHistory, queueFrames, vectors, time, loop, rows, table, mode, device, theme]);
  return body;
}

/** The map. */
export function HeatMap(props: HeatMapProps) {
  const { table, rows, mode, chosen, onChoose } = props;
  const { vectorHistory, time } = useModel();
  const body = usePaintedRows(props);
  const hasNumbers = table.cpus.length <= mostNumberedCpus;
  const shade = mode === 'rate' ? 'interrupts a second' : 'interrupts since boot';
  const tellCpu = (event: MouseEvent<HTMLCanvasElement>, { row }: VectorRow) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const cpu = Math.min(table.cpus.length - 1, Math.max(0, Math.floor(((event.clientX - left) / width) * table.cpus.length)));
    const age = shownAge(vectorHistory, time.getState());
    const value = mode === 'rate' ? vectorHistory.vectorRate(row, cpu, age) : vectorHistory.vectorCount(row, cpu, age);
    event.currentTarget.title = `CPU${table.cpus[cpu]}: ${formatCount(value)} ${shade}`;
  };
  return (
    <table className="heat-map">
      <thead>
        <tr>
          <th className="number">IRQ</th>
          <th className="wide-only">Vector</th>
          <th>Serves</th>
          {hasNumbers ? (
            table.cpus.map((cpu) => (
              <th className="number" key={cpu} title={`${shade}; the shade is logarithmic, up to the most on this map`}>
                CPU{cpu}
              </th>
            ))
          ) : (
            <th title={`${shade}, one cell a CPU; the shade is logarithmic, up to the most on this map`}>
              CPU {formatCpuList(table.cpus)}
            </th>
          )}
          <th className="number">Total</th>
          <th className="number" title="Interrupts a second">
            Rate
          </th>
          <th className="number" title={perInterrupt}>
            f/irq
          </th>
          <th className="number" title={counted}>
            Spur.
          </th>
          <th className="number wide-only" title="NAPI polls, as the driver counted them">
            Polls
          </th>
          <th className="number wide-only" title="Interrupts that the driver’s handler took">
            Handled
          </th>
          <th className="number wide-only" title="CPUs that may serve it → those that it is sent to">
            Affinity
          </th>
        </tr>
      </thead>
      <tbody ref={body}>
        {rows.map((vector) => {
          const { irq, name, chip, role, affinity } = vector;
          const isChosen = irq === chosen;
          return (
            <tr
              // biome-ignore lint/a11y/noRedundantRoles: tests and assistive tools find rows of every panel by the same role
              role="row"
              key={irq}
              data-name={name}
              aria-selected={isChosen}
              onClick={() => onChoose(irq)}
              title={`${name}${role ? `, ${role}` : ''}${chip ? ` (${chip})` : ''}`}
            >
              <td className="number">
                <button type="button" className="quiet" aria-pressed={isChosen} aria-label={`Interrupt ${irq}, ${name}`}>
                  {irq}
                </button>
              </td>
              <td className="wide-only name">{name}</td>
              <td className="role">{role || <span className="soft">{vector.isOfDevice ? '–' : name}</span>}</td>
              {hasNumbers ? (
                table.cpus.map((cpu, column) => <td className="number heat" key={cpu} data-cell={`cpu-${column}`} />)
              ) : (
                <td className="strip">
                  <canvas
                    data-cell="strip"
                    role="img"
                    aria-label={`Interrupts of ${name} by CPU`}
                    onMouseMove={(event) => tellCpu(event, vector)}
                  />
                </td>
              )}
              <td className="number" data-cell="total" data-testid="interrupt-total" />
              <td className="number" data-cell="rate" />
              <td className="number" data-cell="worth" title={perInterrupt} />
              <td className="number" data-cell="spurious" title={counted} />
              <td className="number wide-only" data-cell="polls" />
              <td className="number wide-only" data-cell="handled" />
              <td className="mono wide-only affinity">
                {affinity ? `${affinity.cpus}${affinity.effective ? ` → ${affinity.effective}` : ''}` : '–'}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
