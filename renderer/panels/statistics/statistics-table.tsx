// The table of statistics: rows by React, numbers by the painter.
import { ChartLine, Pin } from 'lucide-react';
import { type KeyboardEvent, memo, useEffect, useRef } from 'react';
import { useStore } from 'zustand';
import { useModel } from '../../ui/model-context.tsx';
import { usePaintedTheme } from '../../ui/painted-theme.ts';
import type { StatisticLine, StatisticOrder, StatisticRow } from './statistic-rows.ts';
import { choicesOf, toggled } from './statistics-choices.ts';
import { StatisticsPainter } from './statistics-painter.ts';

function Heading({ order, name, isNumber = false }: { order: StatisticOrder; name: string; isNumber?: boolean }) {
  const choices = choicesOf(useModel());
  const current = useStore(choices, (state) => state.order);
  const isSorted = current === order;
  return (
    <th className={isNumber ? 'number' : ''} aria-sort={isSorted ? (order === 'name' ? 'ascending' : 'descending') : 'none'}>
      <button
        type="button"
        className="quiet"
        title={isSorted ? 'In the order in which it is told' : `Sort by ${name.toLowerCase()} within each group`}
        onClick={() => choices.setState({ order: isSorted ? 'source' : order })}
      >
        {name}
        <span aria-hidden="true">{isSorted ? (order === 'name' ? ' ▴' : ' ▾') : ''}</span>
      </button>
    </th>
  );
}

/** Of the rows one is a stop of the Tab key, and arrows go on from there: a hundred stops would be a wall. `wanted` becomes it. */
function keepOneStop(body: HTMLElement, wanted: HTMLElement | null = null): void {
  const stops = body.querySelectorAll<HTMLElement>('tr[data-key]');
  const stop = wanted ?? body.querySelector<HTMLElement>('tr[tabindex="0"]') ?? stops[0];
  for (const row of stops) row.tabIndex = row === stop ? 0 : -1;
}

const Row = memo(function Row({
  row,
  interfaceName,
  charted,
}: {
  row: StatisticRow;
  interfaceName: string | null;
  charted: readonly string[] | null;
}) {
  const choices = choicesOf(useModel());
  const isPinned = useStore(choices, (state) => state.pinned.includes(row.key));
  const isCharted = charted?.includes(row.key);
  const chart = () => charted && choices.setState({ charted: toggled(charted, row.key) });
  const pin = () => choices.setState(({ pinned }) => ({ pinned: toggled(pinned, row.key) }));
  const onKeyDown = (event: KeyboardEvent<HTMLTableRowElement>) => {
    const { key } = event;
    const step = key === 'ArrowDown' ? 'nextElementSibling' : key === 'ArrowUp' ? 'previousElementSibling' : null;
    if (step) {
      let next = event.currentTarget[step];
      while (next && !next.hasAttribute('tabindex')) next = next[step];
      if (next instanceof HTMLElement) next.focus();
    } else if (!charted) return;
    else if (key === 'Enter' || key.toLowerCase() === 'c') chart();
    else if (key.toLowerCase() === 'p') pin();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <tr
      data-key={row.key}
      data-name={row.name}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      title={charted ? `${row.name} (C chart, P pin)` : row.name}
    >
      <td className="statistic-choose">
        {charted ? (
          <>
            <button type="button" className="quiet" tabIndex={-1} aria-pressed={isCharted} aria-label={`Chart ${row.name}`} onClick={chart}>
              <ChartLine size={12} aria-hidden="true" />
            </button>
            <button type="button" className="quiet" tabIndex={-1} aria-pressed={isPinned} aria-label={`Pin ${row.name}`} onClick={pin}>
              <Pin size={12} aria-hidden="true" />
            </button>
          </>
        ) : null}
      </td>
      <td className="statistic-name">{row.name}</td>
      <td className="number" data-value data-testid="statistic" data-name={row.name} data-interface={interfaceName ?? ''} />
      <td className="number soft" data-rate />
      <td className="statistic-spark soft">
        <canvas />
      </td>
    </tr>
  );
});

/** The table. `charted` are the keys of the rows that are drawn above it; null where rows are only shown. */
export function StatisticsTable({
  lines,
  interfaceName,
  charted,
}: {
  lines: readonly StatisticLine[];
  interfaceName: string | null;
  charted: readonly string[] | null;
}) {
  const model = useModel();
  const theme = usePaintedTheme();
  const body = useRef<HTMLTableSectionElement>(null);
  const painter = useRef<StatisticsPainter | null>(null);
  useEffect(() => {
    if (!body.current) return undefined;
    const made = new StatisticsPainter(model, body.current, [model.history, model.observationHistory]);
    painter.current = made;
    const scroller = body.current.closest('.statistics-scroll');
    const onScroll = () => made.paintAnew();
    scroller?.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      scroller?.removeEventListener('scroll', onScroll);
      made.end();
    };
  }, [model]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme means other colours
  useEffect(() => painter.current?.update(lines), [lines, theme]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other lines are other rows
  useEffect(() => {
    if (body.current) keepOneStop(body.current);
  }, [lines]);
  return (
    <table className="statistics-table">
      <thead>
        <tr>
          <th className="statistic-choose">
            <span className="visually-hidden">Chart and pin</span>
          </th>
          <Heading order="name" name="Name" />
          <Heading order="value" name="Value" isNumber />
          <Heading order="rate" name="Rate" isNumber />
          <th className="statistic-spark">Over time</th>
        </tr>
      </thead>
      <tbody
        ref={body}
        onFocus={({ target, currentTarget }) => {
          const row = target.closest<HTMLElement>('tr[data-key]');
          if (row) keepOneStop(currentTarget, row);
        }}
      >
        {lines.map((line) =>
          line.type === 'group' ? (
            <tr key={line.key} className="statistic-group" title={line.from}>
              <th colSpan={4} scope="colgroup">
                {line.name}
              </th>
              <td className="statistic-spark" />
            </tr>
          ) : (
            <Row key={line.key} row={line.row} interfaceName={interfaceName} charted={charted} />
          ),
        )}
      </tbody>
    </table>
  );
}
