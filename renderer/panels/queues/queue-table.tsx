// All queue pairs at once, a row each, ordered by any column. Arrow keys move the selection: up and down the pair, left and right its ring.
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import type { Device } from '#common/protocol.ts';
import type { RingChoice } from '../../state/layout-store.ts';
import type { PairFigures } from './queue-figures.ts';
import { orderPairs, type QueueColumn, type QueueOrder, queueColumns } from './queue-order.ts';
import { QueueRow } from './queue-row.tsx';

const pageRows = 8;

function Heading({ column, order, onOrder }: { column: QueueColumn; order: QueueOrder; onOrder: (order: QueueOrder) => void }) {
  const isOrdering = order.column === column.id;
  const direction = order.isDescending ? 'descending' : 'ascending';
  const Arrow = order.isDescending ? ArrowDown : ArrowUp;
  return (
    <span role="columnheader" aria-sort={isOrdering ? direction : 'none'}>
      <button
        type="button"
        className="quiet"
        title={`${column.title}. Press to order by it.`}
        onClick={() =>
          // Figures are looked at from the largest on, queues from the first.
          onOrder({ column: column.id, isDescending: isOrdering ? !order.isDescending : column.id !== 'queue' })
        }
      >
        {column.name}
        {isOrdering && <Arrow size={11} aria-hidden="true" />}
      </button>
    </span>
  );
}

/** The table. */
export function QueueTable({
  device,
  pairs,
  chosen,
  onChoose,
}: {
  device: Device;
  pairs: readonly PairFigures[];
  chosen: RingChoice;
  onChoose: (ring: RingChoice) => void;
}) {
  const [order, setOrder] = useState<QueueOrder>({ column: 'queue', isDescending: false });
  const ordered = orderPairs(pairs, order);
  const at = ordered.findIndex(({ index }) => index === chosen.index);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget) return;
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: pageRows,
      PageUp: -pageRows,
      Home: -ordered.length,
      End: ordered.length,
    };
    const kinds: Record<string, 'rx' | 'tx'> = { ArrowLeft: 'rx', ArrowRight: 'tx' };
    const step = steps[event.key];
    const kind = kinds[event.key];
    if (step === undefined && kind === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const pair = ordered[Math.min(ordered.length - 1, Math.max(0, at + (step ?? 0)))];
    if (!pair) return;
    const wanted = kind ?? chosen.kind;
    const has = pair.rings.some((ring) => ring.kind === wanted);
    onChoose({ kind: has ? wanted : (pair.rings[0]?.kind ?? wanted), index: pair.index });
    document.getElementById(`queue-${pair.index}`)?.scrollIntoView?.({ block: 'nearest' });
  };
  return (
    <div
      className="queue-table"
      role="grid"
      aria-label="Queue pairs"
      aria-rowcount={ordered.length + 1}
      aria-activedescendant={at < 0 ? undefined : `queue-${chosen.index}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div role="row" className="queue-headings" aria-rowindex={1}>
        {queueColumns.map((column) => (
          <Heading key={column.id} column={column} order={order} onOrder={setOrder} />
        ))}
      </div>
      {ordered.map((pair, row) => (
        <QueueRow
          key={pair.index}
          row={row}
          device={device}
          pair={pair}
          chosen={pair.index === chosen.index ? chosen.kind : null}
          onChoose={onChoose}
        />
      ))}
    </div>
  );
}
