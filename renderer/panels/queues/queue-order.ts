// The columns of the queue table, and the order of its rows by any of them.
import type { PairFigures, RingFigures } from './queue-figures.ts';

/** A column. `orderedBy` is what rows are ordered by; null stands last, whichever the direction. */
export interface QueueColumn {
  readonly id: 'queue' | 'rate' | 'fill' | 'drops' | 'polls' | 'framesPerPoll' | 'exhausted' | 'spurious' | 'allocationFailures' | 'limit';
  readonly name: string;
  readonly title: string;
  orderedBy(pair: PairFigures): number | null;
}

function summed(pair: PairFigures, figure: (ring: RingFigures) => number | null): number | null {
  const values = pair.rings.map(figure).filter((value) => value !== null);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

function fullest(pair: PairFigures): number | null {
  const levels = pair.rings.flatMap(({ used, size }) => (used.value === null || size === 0 ? [] : [used.value / size]));
  return levels.length === 0 ? null : Math.max(...levels);
}

/** All columns, in their order. */
export const queueColumns: readonly QueueColumn[] = [
  { id: 'queue', name: 'Queue', title: 'Number of the queue, receive above transmit', orderedBy: ({ index }) => index },
  {
    id: 'rate',
    name: 'Frames/s',
    title: 'Frames a second over the last minute, and now; ordered by receive and transmit together',
    orderedBy: (pair) => summed(pair, ({ framesPerSecond }) => framesPerSecond.value),
  },
  {
    id: 'fill',
    name: 'In use',
    title: 'Descriptors between next_to_clean and next_to_use over the last minute, and now; ordered by the fuller of both rings',
    orderedBy: fullest,
  },
  {
    id: 'drops',
    name: 'Drops',
    title: 'Frames that the queue dropped since the driver was loaded',
    orderedBy: (pair) => summed(pair, ({ drops }) => drops.value),
  },
  {
    id: 'polls',
    name: 'Polls/s',
    title: 'NAPI polls a second of the vector that serves the pair',
    orderedBy: ({ pollsPerSecond }) => pollsPerSecond.value,
  },
  {
    id: 'framesPerPoll',
    name: 'Fr./poll',
    title: 'Frames, received and sent, a poll: those of the last second divided by its polls',
    orderedBy: ({ framesPerPoll }) => framesPerPoll.value,
  },
  {
    id: 'exhausted',
    name: 'Exhausted',
    title: 'Polls that used up their budget with work left, so that the kernel polls again, since the driver was loaded',
    orderedBy: ({ exhausted }) => exhausted.value,
  },
  {
    id: 'spurious',
    name: 'Spurious',
    title: 'Interrupts and polls that found nothing to do, as the driver counted them',
    orderedBy: ({ spurious }) => spurious.value,
  },
  {
    id: 'allocationFailures',
    name: 'No buffer',
    title: 'Receive buffers that could not be allocated',
    orderedBy: (pair) => summed(pair, ({ allocationFailures }) => allocationFailures.value),
  },
  {
    id: 'limit',
    name: 'BQL bytes',
    title: 'Byte queue limit: bytes of the transmit queue at the card, of those that the kernel lets it have there',
    orderedBy: ({ inflight }) => inflight.value,
  },
];

/** How rows are ordered. */
export interface QueueOrder {
  readonly column: QueueColumn['id'];
  readonly isDescending: boolean;
}

/** The pairs in that order; equal ones by number, those without a value last. */
export function orderPairs(pairs: readonly PairFigures[], { column, isDescending }: QueueOrder): PairFigures[] {
  const orderedBy = queueColumns.find(({ id }) => id === column)?.orderedBy ?? (({ index }: PairFigures) => index);
  return [...pairs].sort((a, b) => {
    const [first, second] = [orderedBy(a), orderedBy(b)];
    if (first === null || second === null) return (first === null ? 1 : 0) - (second === null ? 1 : 0) || a.index - b.index;
    return (isDescending ? second - first : first - second) || a.index - b.index;
  });
}
