// The figures of each queue pair, from wherever they are counted; what is not counted says why.
import type { VectorsSnapshot } from '#common/layouts/snapshot.ts';
import type { ObservationEvent } from '#common/protocol/observation.ts';
import type { Device } from '#common/protocol.ts';
import { type Counted, queueCount } from '../../state/queue-counts.ts';
import type { VectorRates } from '../../state/queue-history.ts';

export type RingKind = 'rx' | 'tx';

/** A queue in one direction. */
export interface RingFigures {
  readonly kind: RingKind;
  readonly index: number;
  readonly framesPerSecond: Counted;
  readonly bytesPerSecond: Counted;
  /** Descriptors in [next_to_clean, next_to_use). */
  readonly used: Counted;
  /** Descriptors of the ring; 0 while it is not known or the interface is down. */
  readonly size: number;
  readonly drops: Counted;
  readonly allocationFailures: Counted;
}

/** A receive and a transmit queue of the same number, and the vector that serves them. */
export interface PairFigures {
  readonly index: number;
  readonly rings: readonly RingFigures[];
  readonly pollsPerSecond: Counted;
  readonly framesPerPoll: Counted;
  readonly spurious: Counted;
  /** Polls that used up their budget. */
  readonly exhausted: Counted;
  /** Bytes at the card that the kernel knows of. */
  readonly inflight: Counted;
  /** Bytes that it may have there. */
  readonly limit: Counted;
}

/** Where figures come from. */
export interface FigureSources {
  readonly device: Device;
  readonly observation: ObservationEvent | null;
  readonly vectors: VectorsSnapshot | undefined;
  vectorRates(irq: number): VectorRates;
  rates(kind: RingKind, index: number): { readonly frames: number | null; readonly bytes: number | null };
  /** How full the ring is; null before its first snapshot. */
  fill(kind: RingKind, index: number): { readonly used: number; readonly size: number } | null;
}

const counted = (value: number): Counted => ({ value, reason: null });
const missing = (reason: string): Counted => ({ value: null, reason });
const orMissing = (value: number | null, reason: string): Counted => (value === null ? missing(reason) : counted(value));

/** The queues there are: those whose rings the driver shows, and those that the kernel knows of. */
export function queuesOf(device: Device, observation: ObservationEvent | null): { readonly kind: RingKind; readonly index: number }[] {
  const found = new Map(device.rings.map(({ kind, index }) => [`${kind}${index}`, { kind, index }]));
  for (const { kind, id } of observation?.queues.items ?? []) found.set(`${kind}${id}`, { kind, index: id });
  return [...found.values()].sort((a, b) => a.index - b.index || a.kind.localeCompare(b.kind));
}

function ringFigures({ device, observation, rates, fill }: FigureSources, kind: RingKind, index: number): RingFigures {
  const count = (name: 'frames' | 'drops' | 'allocationFailures') => queueCount(observation, kind, index, name);
  const { frames, bytes } = rates(kind, index);
  const why = count('frames').reason ?? 'A rate needs two observations.';
  const level = fill(kind, index);
  const isShown = device.rings.some((ring) => ring.kind === kind && ring.index === index);
  const noFill = isShown
    ? level
      ? 'The interface is down: the driver has no ring.'
      : 'Waiting for the first snapshot of the ring.'
    : `${device.driver ?? 'No driver'} does not show its rings.`;
  return {
    kind,
    index,
    framesPerSecond: orMissing(frames, why),
    bytesPerSecond: orMissing(bytes, why),
    used: level && level.size > 0 ? counted(level.used) : missing(noFill),
    size: level?.size ?? 0,
    drops: count('drops'),
    allocationFailures: count('allocationFailures'),
  };
}

function bytesAtCard(observation: ObservationEvent | null, index: number): Pick<PairFigures, 'inflight' | 'limit'> {
  const limits = observation?.byteQueueLimits;
  const own = limits?.items.find(({ id }) => id === index);
  if (own) return { inflight: counted(own.inflight), limit: counted(own.limit) };
  const reason = observation
    ? (limits?.reason ?? (limits ? 'This queue has no byte queue limit.' : 'The agent that told this did not read byte queue limits yet.'))
    : 'Waiting for the first observation of the device.';
  return { inflight: missing(reason), limit: missing(reason) };
}

const sum = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
};

function pairFigures(sources: FigureSources, index: number, kinds: readonly RingKind[]): PairFigures {
  const { vectors, device, vectorRates, observation } = sources;
  const rings = kinds.map((kind) => ringFigures(sources, kind, index));
  const own = vectors?.vectors.filter(({ queue, roles }) => queue === index && roles.some((role) => role !== 'link')) ?? [];
  const why = vectors
    ? 'None of the driver’s vectors serves this queue.'
    : `${device.driver ?? 'No driver'} tells no counts of its interrupt vectors${device.rings.length > 0 ? ' yet' : ''}.`;
  const polls = sum(own.map(({ irq }) => vectorRates(irq).pollsPerSecond));
  const frames = sum(rings.map(({ framesPerSecond }) => framesPerSecond.value));
  const perPoll = polls !== null && polls > 0 && frames !== null ? frames / polls : null;
  return {
    index,
    rings,
    pollsPerSecond: orMissing(polls, own.length > 0 ? 'A rate needs two snapshots.' : why),
    framesPerPoll: orMissing(
      perPoll,
      polls === 0 ? 'No poll in the last second.' : polls === null ? why : 'Nobody counts this queue’s frames.',
    ),
    spurious: own.length > 0 ? counted(own.reduce((total, { spurious }) => total + Number(spurious), 0)) : missing(why),
    exhausted: orMissing(
      sum(own.map(({ exhausted }) => (exhausted === null ? null : Number(exhausted)))),
      own.length > 0 ? 'This driver does not count polls that use up their budget.' : why,
    ),
    ...(kinds.includes('tx')
      ? bytesAtCard(observation, index)
      : {
          inflight: missing('Only transmit queues have byte queue limits.'),
          limit: missing('Only transmit queues have byte queue limits.'),
        }),
  };
}

/** The figures of all queue pairs of a device, by number. */
export function allFigures(sources: FigureSources): PairFigures[] {
  const pairs = new Map<number, RingKind[]>();
  for (const { kind, index } of queuesOf(sources.device, sources.observation)) pairs.set(index, [...(pairs.get(index) ?? []), kind]);
  return [...pairs].map(([index, kinds]) => pairFigures(sources, index, kinds));
}
