// "What changed while I did that": each counter at mark A and at mark B, its change and rate.
import { useSyncExternalStore } from 'react';
import { useModel, useTime } from '../../ui/model-context.tsx';
import { formatCounted, useNumberBase } from '../../ui/number-base.ts';
import type { ComparedRow } from './comparison.ts';
import { changeWord, rateWord } from './statistic-format.ts';

/** The two instants, or null until both are set; B follows the newest while only A is set. */
export function useComparedInstants(): { readonly a: number; readonly b: number; readonly isOpen: boolean } | null {
  const { history } = useModel();
  const a = useTime((state) => state.markASeconds);
  const b = useTime((state) => state.markBSeconds);
  const newest = useSyncExternalStore(history.subscribe, () => (b === null ? Math.floor(history.shownSeconds) : 0));
  if (a === null) return null;
  return b === null ? { a, b: Math.max(a, newest), isOpen: true } : { a, b, isOpen: false };
}

/** The table. */
export function ComparisonTable({ rows, a, b, isOpen }: { rows: readonly ComparedRow[]; a: number; b: number; isOpen: boolean }) {
  const base = useNumberBase();
  if (rows.length === 0) return <p className="empty">Nothing changed between A and B.</p>;
  return (
    <table className="comparison-table">
      <caption>
        A {a.toFixed(3)} s → B {isOpen ? 'now' : `${b.toFixed(3)} s`}, {(b - a).toFixed(3)} s
      </caption>
      <thead>
        <tr>
          <th>Name</th>
          <th className="comparison-source">Source</th>
          <th className="number">At A</th>
          <th className="number">At B</th>
          <th className="number">Change</th>
          <th className="number">Rate</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ row, a: atA, b: atB, change, rate }) => (
          <tr key={row.key} data-compared={row.name}>
            <td className="statistic-name" title={row.name}>
              {row.name}
            </td>
            <td className="soft comparison-source">{row.group}</td>
            <td className="number" title={atA === null ? 'Not counted, or no longer kept, at A' : undefined}>
              {formatCounted(atA, base)}
            </td>
            <td className="number" title={atB === null ? 'Not counted at B' : undefined}>
              {formatCounted(atB, base)}
            </td>
            <td className="number">{changeWord(change, base)}</td>
            <td
              className="number soft"
              title={rate === null && change !== null && change !== 0 ? 'It began anew in between: that is no rate' : undefined}
            >
              {rateWord(row, rate)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
