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

/** The statistics of an observation by their keys: `ethtool NAME`, `queue rx 0 NAME`, `aer correctable`. */
export function observedCounters({ ethtoolStatistics, queueStatistics, pcie }: ObservationEvent): Map<string, number> {
  const counters = new Map<string, number>();
  for (const { name, value } of ethtoolStatistics.items) counters.set(`ethtool ${name}`, value);
  for (const { kind, id, values } of queueStatistics.items)
    for (const [name, value] of Object.entries(values)) counters.set(`queue ${kind} ${id} ${name}`, value);
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
