// The map of vectors and CPUs as a table for other programs.
import type { VectorsSnapshot } from '#common/layouts/snapshot.ts';
import type { SampleTable } from '../../state/sample-history.ts';
import { type Cell, csvOf } from '../../ui/table-text.ts';
import { framesPerInterrupt, type Measured } from './measured.ts';
import type { VectorRow } from './vector-rows.ts';

/** What is told, at a sample of this age. */
export interface HeatTable extends Measured {
  readonly table: SampleTable;
  readonly rows: readonly VectorRow[];
  readonly age: number;
  readonly counted: VectorsSnapshot | undefined;
}

/** A header and a line a vector: its total on each CPU since boot, and what the map shows beside. Lines end as RFC 4180 has it; what is not known is empty. */
export function heatCsv(content: HeatTable): string {
  const { table, rows, age, counted, vectorHistory } = content;
  const head = [
    'seconds_since_boot',
    'irq',
    'vector',
    'serves',
    ...table.cpus.map((cpu) => `cpu${cpu}`),
    'total',
    'per_second',
    'frames_per_interrupt',
    'spurious',
    'polls',
    'exhausted',
    'handled',
    'affinity',
    'effective_affinity',
  ];
  const lines = rows.map((vector): Cell[] => {
    const own = counted?.vectors.find(({ irq }) => String(irq) === vector.irq);
    return [
      vectorHistory.secondsAt(age).toFixed(6),
      vector.irq,
      vector.name,
      vector.role,
      ...table.cpus.map((_, cpu) => vectorHistory.vectorCount(vector.row, cpu, age)),
      vectorHistory.vectorCount(vector.row, null, age),
      vectorHistory.vectorRate(vector.row, null, age)?.toFixed(3),
      framesPerInterrupt(content, vector, age)?.toFixed(3),
      own?.spurious,
      own?.polls,
      own?.exhausted,
      own?.handled,
      vector.affinity?.cpus,
      vector.affinity?.effective,
    ];
  });
  return csvOf([head, ...lines]);
}
