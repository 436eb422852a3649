// What drivers and the kernel count for a device under any driver, over time: of each observation its statistics by name.
import type { ObservationEvent } from '#common/protocol/observation.ts';
import type { FrameLoop } from './frame-loop.ts';
import { SeriesHistory, type SeriesLimits } from './series-history.ts';
import { Source } from './source.ts';
import { secondsOf } from './time-store.ts';

/** A device is observed once a second at the most. */
export const observationLimits: SeriesLimits = {
  fineSeconds: 600,
  coarseSeconds: 6 * 3600,
  maximumBytes: 8 * 1024 * 1024,
  // One that does not differ is not sent: no news is no gap.
  gapSeconds: Number.POSITIVE_INFINITY,
};

const devicesKept = 2;

/** Page pools under names that stay when an interface is set up anew, which the kernel's numbers do not: that of the queue that each serves. */
function namedPools({ pagePools, queues }: ObservationEvent): { name: string; values: [string, number][] }[] {
  const taken = new Set<string>();
  return (pagePools?.items ?? []).map(({ id, napiId, inflight, inflightBytes, values }) => {
    const queue = queues.items.find((one) => one.kind === 'rx' && napiId !== null && one.napiId === napiId);
    const queueName = queue && `rx ${queue.id}`;
    // Header and data pools share a queue.
    const name = queueName === undefined || taken.has(queueName) ? `pool ${id}` : queueName;
    taken.add(name);
    const out = Object.entries({ inflight: inflight, 'inflight-bytes': inflightBytes }).flatMap(([counter, value]): [string, number][] =>
      value === null ? [] : [[counter, value]],
    );
    return { name, values: [...Object.entries(values), ...out] };
  });
}

/** The statistics of an observation by their keys: `ethtool NAME`, `queue rx 0 NAME`, `page_pool rx 0 NAME`, `aer correctable`. */
export function observedCounters(observation: ObservationEvent): Map<string, number> {
  const { ethtoolStatistics, queueStatistics, pcie } = observation;
  const counters = new Map<string, number>();
  for (const { name, value } of ethtoolStatistics.items) counters.set(`ethtool ${name}`, value);
  for (const { kind, id, values } of queueStatistics.items)
    for (const [name, value] of Object.entries(values)) counters.set(`queue ${kind} ${id} ${name}`, value);
  for (const { name, values } of namedPools(observation))
    for (const [counter, value] of values) counters.set(`page_pool ${name} ${counter}`, value);
  for (const [name, value] of Object.entries(pcie.aer ?? {})) counters.set(`aer ${name}`, value);
  return counters;
}

/** One series a device, of those that were observed last. */
export class ObservationHistory extends Source {
  readonly #devices = new Map<string, SeriesHistory>();
  readonly #limits: SeriesLimits;

  constructor(loop: FrameLoop, limits: SeriesLimits = observationLimits) {
    super(loop);
    this.#limits = limits;
  }

  /** Takes an observation; one that is told again changes nothing. */
  add(observation: ObservationEvent): void {
    const series = this.#devices.get(observation.device) ?? new SeriesHistory(this.#limits);
    const counters = observedCounters(observation);
    series.setKeys([...counters.keys()]);
    if (!series.append(secondsOf(BigInt(observation.timeNs)), [...counters.values()])) return;
    // The one that was observed last comes last.
    this.#devices.delete(observation.device);
    this.#devices.set(observation.device, series);
    const [oldest] = this.#devices.keys();
    if (this.#devices.size > devicesKept && oldest !== undefined) this.#devices.delete(oldest);
    this.changed();
  }

  /** What is kept of a device. */
  get(device: string): SeriesHistory | undefined {
    return this.#devices.get(device);
  }

  /** Forgets everything. */
  clear(): void {
    this.#devices.clear();
    this.changed();
  }
}
