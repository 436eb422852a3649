// What interrupts leave to be done: network softirqs of each CPU, and how much of it its ksoftirqd had to take over.
import { useEffect, useRef } from 'react';
import type { SampleTable } from '../../state/sample-history.ts';
import { formatCount, missing } from '../../ui/format.ts';
import { useModel } from '../../ui/model-context.tsx';
import { isShownOtherwise, shownAge } from './measured.ts';

const kinds = ['NET_RX', 'NET_TX'] as const;
const noThread =
  'The agent sees no ksoftirqd threads: it runs in a namespace of processes without them, or this was recorded before it told of them.';

/** Tenths of a percent, but never 0.0 for something. */
export function formatShare(share: number | null): string {
  if (share === null) return missing;
  const percent = share * 100;
  return percent > 0 && percent < 0.1 ? '<0.1 %' : `${percent.toFixed(1)} %`;
}

/** The table; its numbers are written outside of React. */
export function SoftirqTable({ table }: { table: SampleTable }) {
  const { vectorHistory, time, loop } = useModel();
  const body = useRef<HTMLTableSectionElement>(null);
  useEffect(() => {
    const paint = () => {
      const age = shownAge(vectorHistory, time.getState());
      table.cpus.forEach((_, cpu) => {
        const cells = body.current?.children[cpu]?.querySelectorAll('td') ?? [];
        const texts = kinds.map((kind) => {
          const row = table.softirqs.indexOf(kind);
          return row < 0 ? missing : formatCount(vectorHistory.softirqRate(row, cpu, age));
        });
        [...texts, formatShare(vectorHistory.ksoftirqdShare(cpu, age))].forEach((text, column) => {
          const cell = cells[column];
          if (cell && cell.textContent !== text) cell.textContent = text;
        });
      });
    };
    paint();
    const invalidate = () => loop.invalidate(paint);
    const endings = [vectorHistory.subscribe(invalidate), time.subscribe((now, before) => isShownOtherwise(now, before) && invalidate())];
    return () => endings.forEach((end) => void end());
  }, [vectorHistory, time, loop, table]);
  const hasThreads = table.counters.some(({ source }) => source === 'ksoftirqd');
  return (
    <table className="softirqs">
      <thead>
        <tr>
          <th scope="col">CPU</th>
          {kinds.map((kind) => (
            <th className="number" scope="col" key={kind} title="Softirqs of this kind a second">
              {kind}/s
            </th>
          ))}
          <th className="number" scope="col" title="Share of the CPU that its thread ksoftirqd had, over the last five seconds">
            ksoftirqd
          </th>
        </tr>
      </thead>
      <tbody ref={body}>
        {table.cpus.map((cpu) => (
          <tr key={cpu}>
            <th scope="row" className="number">
              {cpu}
            </th>
            <td className="number" />
            <td className="number" />
            <td className="number" title={hasThreads ? undefined : noThread} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}
