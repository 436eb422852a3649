// How unevenly traffic is spread over queues, and what the RSS indirection table makes of it.

/** One queue's part of a direction's frames, 0 to 1. */
export interface QueueShare {
  readonly index: number;
  readonly share: number;
}

/** The spread of one direction. */
export interface Skew {
  readonly shares: readonly QueueShare[];
  /** The queue that is furthest from an even share. */
  readonly mostUnequal: QueueShare;
  /** What each queue would have if all had the same. */
  readonly evenShare: number;
}

/** The spread of frames over queues; null where fewer than two queues are counted or nothing flows. */
export function skewOf(queues: readonly { readonly index: number; readonly framesPerSecond: number | null }[]): Skew | null {
  const known = queues.flatMap(({ index, framesPerSecond }) => (framesPerSecond === null ? [] : [{ index, framesPerSecond }]));
  const total = known.reduce((sum, { framesPerSecond }) => sum + framesPerSecond, 0);
  if (known.length < 2 || total <= 0) return null;
  const shares = known.map(({ index, framesPerSecond }) => ({ index, share: framesPerSecond / total }));
  const evenShare = 1 / known.length;
  const distance = ({ share }: QueueShare) => Math.abs(share - evenShare);
  const mostUnequal = shares.reduce((furthest, one) => (distance(one) > distance(furthest) + 1e-9 ? one : furthest));
  return { shares, mostUnequal, evenShare };
}

/** How many places of the table lead to each queue. */
export function placesByQueue(indirection: readonly number[]): ReadonlyMap<number, number> {
  const places = new Map<number, number>();
  for (const queue of indirection) places.set(queue, (places.get(queue) ?? 0) + 1);
  return places;
}

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

/** The most unequal queue in words, with the table's part in it. */
export function skewInWords(kind: 'rx' | 'tx', { mostUnequal, evenShare }: Skew, indirection: readonly number[] | null): string {
  const { index, share } = mostUnequal;
  const what = kind === 'rx' ? 'received' : 'sent';
  if (Math.abs(share - evenShare) < evenShare * 0.1) return `Frames are ${what} evenly, ${percent(evenShare)} a queue.`;
  const times = share / evenShare;
  const compared =
    times >= 1
      ? `${times.toFixed(1)} times its even share`
      : share === 0
        ? 'none of its even share'
        : `1/${(1 / times).toFixed(1)} of its even share`;
  const words = `${kind.toUpperCase()} ${index} is furthest from even: ${percent(share)} of the frames, ${compared}`;
  if (kind === 'tx' || !indirection || indirection.length === 0) return `${words}.`;
  const places = placesByQueue(indirection).get(index) ?? 0;
  return `${words}; the table leads ${places} of its ${indirection.length} places (${percent(places / indirection.length)}) there.`;
}
