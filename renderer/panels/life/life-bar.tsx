// One life as a bar of time: a segment a state, each with its letter, as wide as it lasted.
import type { SlotLife } from '#common/trace/slot-life.ts';
import { formatLatency } from '../../ui/format-latency.ts';

/** A stretch of a life. */
export interface LifeSegment {
  readonly state: 'free' | 'hardware' | 'done';
  readonly letter: string;
  readonly meaning: string;
  readonly ns: number;
}

/** The stretches that are known, in order. What is missing is not made up. */
export function segmentsOf({ postedNs, doorbellNs, doneNs, refilledNs }: SlotLife): LifeSegment[] {
  const segments: LifeSegment[] = [];
  if (doorbellNs !== null)
    segments.push({ state: 'free', letter: 'P', meaning: 'posted, the card not told yet', ns: doorbellNs - postedNs });
  if (doneNs !== null)
    segments.push({
      state: 'hardware',
      letter: 'H',
      meaning: 'the card’s, until the driver saw it done',
      ns: doneNs - (doorbellNs ?? postedNs),
    });
  if (doneNs !== null && refilledNs !== null)
    segments.push({ state: 'done', letter: 'D', meaning: 'done, until the card has the slot again', ns: refilledNs - doneNs });
  return segments;
}

const inWords = ({ meaning, ns }: LifeSegment): string => `${formatLatency(ns)} ${meaning}`;

/** The bar. */
export function LifeBar({ life }: { life: SlotLife }) {
  const segments = segmentsOf(life);
  const words = segments.length > 0 ? segments.map(inWords).join(', then ') : 'posted, nothing more is known yet';
  return (
    <div className="life-bar" role="img" aria-label={words}>
      {segments.map((segment) => (
        <span
          key={segment.letter}
          className={`life-segment ${segment.state}`}
          style={{ flexGrow: Math.max(1, segment.ns) }}
          title={inWords(segment)}
        >
          {segment.letter}
        </span>
      ))}
      {life.doneNs === null && <span className="life-segment open">…</span>}
    </div>
  );
}
