// What moved on a ring and on its vector during the last seconds of a case.
import type { FrozenCase, FrozenRing, FrozenVector } from '#common/autopsy/frozen-case.ts';

type Position = 'head' | 'tail' | 'nextToUse' | 'nextToClean';

/** For how long a position has stood where it is, in seconds; null with fewer than two snapshots. */
export function stoodFor({ history }: FrozenRing, position: Position): number | null {
  const newest = history.at(-1);
  if (!newest || history.length < 2) return null;
  let since = newest.atSeconds;
  for (let at = history.length - 2; at >= 0; at -= 1) {
    const one = history[at];
    if (!one || one[position] !== newest[position]) break;
    since = one.atSeconds;
  }
  return newest.atSeconds - since;
}

/** The ring that the case is about. */
export const ownRing = ({ rings, queue }: FrozenCase): FrozenRing | null =>
  queue === null ? null : (rings.find(({ kind, index }) => kind === queue.kind && index === queue.index) ?? null);

/** The vector of the case's queue. Where one vector has no queue it serves all. */
export function ownVector({ vectors, queue }: FrozenCase): FrozenVector | null {
  if (queue === null) return null;
  const serving = vectors.filter(({ roles }) => roles.includes(queue.kind));
  return serving.find((vector) => vector.queue === queue.index) ?? serving.find((vector) => vector.queue === null) ?? null;
}

/** How much a vector counted over the last `seconds` of its history. */
export function countedWithin(
  { history }: FrozenVector,
  seconds: number,
): { handled: number; polls: number; spurious: number; exhausted: number | null; overSeconds: number } | null {
  const newest = history.at(-1);
  if (!newest) return null;
  const first = history.find(({ atSeconds }) => newest.atSeconds - atSeconds <= seconds);
  if (!first || first === newest) return null;
  return {
    handled: newest.handled - first.handled,
    polls: newest.polls - first.polls,
    spurious: newest.spurious - first.spurious,
    exhausted: newest.exhausted === null || first.exhausted === null ? null : newest.exhausted - first.exhausted,
    overSeconds: newest.atSeconds - first.atSeconds,
  };
}
