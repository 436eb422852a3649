// Frames a second, received and sent, over the kept minute.
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { historyCapacity, type SampleHistory } from '../../state/sample-history.ts';
import { useSource } from '../../ui/model-context.tsx';

const chartHeight = 104;

/** Columns for uPlot: seconds before now, received, sent. NaN becomes a gap. */
export function chartData(history: SampleHistory, rx: number, tx: number): [number[], (number | null)[], (number | null)[]] {
  const length = Math.min(history.length, historyCapacity);
  const now = history.secondsAt(0);
  const columns: [number[], (number | null)[], (number | null)[]] = [[], [], []];
  for (let age = length - 1; age >= 0; age -= 1) {
    columns[0].push(history.secondsAt(age) - now);
    columns[1].push(rx < 0 ? null : history.counterRate(rx, age));
    columns[2].push(tx < 0 ? null : history.counterRate(tx, age));
  }
  return columns;
}

/** The chart. */
export function RateChart({ history, rx, tx, theme }: { history: SampleHistory; rx: number; tx: number; theme: string }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const version = useSource(history);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another theme means other colours
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const style = getComputedStyle(element);
    const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
    const axis = {
      stroke: colour('text-soft'),
      grid: { stroke: colour('line'), width: 1 },
      ticks: { stroke: colour('line'), width: 1 },
      font: '11px system-ui',
    };
    const made = new uPlot(
      {
        width: element.clientWidth,
        height: chartHeight,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false, range: [-60, 0] }, y: { range: (_, __, max) => [0, Math.max(10, (max ?? 0) * 1.1)] } },
        axes: [
          { ...axis, size: 30, values: (_, ticks) => ticks.map((tick) => `${tick} s`) },
          { ...axis, size: 48 },
        ],
        series: [
          {},
          { stroke: colour('hardware'), width: 2, points: { show: false } },
          { stroke: colour('done'), width: 2, dash: [4, 3], points: { show: false } },
        ],
      },
      [[], [], []],
      element,
    );
    plot.current = made;
    const resize = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: chartHeight }));
    resize.observe(element);
    return () => {
      resize.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [theme]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the history is the same object until its version grows
  useEffect(() => plot.current?.setData(chartData(history, rx, tx)), [history, version, rx, tx, theme]);
  return <div ref={place} />;
}
