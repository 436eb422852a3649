// A driver's own counters of its queues, whatever it calls them: igb and ixgbe rx_queue_0_packets, i40e rx-0.packets, mlx5 rx0_packets, virtio rx_queue_0_packets.
import { type QueueName, queueKey } from '#common/interrupts/served-queues.ts';
import type { ObservationEvent } from '#common/protocol/observation.ts';

const ownName = /^(rx|tx)[-_]?(?:queue_)?(\d+)[._](.+)$/;

/** The queue that a statistic of `ethtool -S` is about, and what it counts there; null for one of the whole card. */
export function ownCounter(statistic: string): (QueueName & { readonly counter: string }) | null {
  const [, kind, id, counter] = ownName.exec(statistic) ?? [];
  return kind && id && counter ? { kind: kind as 'rx' | 'tx', id: Number(id), counter } : null;
}

const read = new WeakMap<ObservationEvent['ethtoolStatistics'], ReadonlyMap<string, ReadonlyMap<string, number>>>();

/** A driver's own counters by queue (`queueKey`) and name. An observation is read once: tables ask for each queue, several times a second. */
export function ownCounters({
  ethtoolStatistics,
}: Pick<ObservationEvent, 'ethtoolStatistics'>): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const known = read.get(ethtoolStatistics);
  if (known) return known;
  const counters = new Map<string, Map<string, number>>();
  for (const { name, value } of ethtoolStatistics.items) {
    const own = ownCounter(name);
    if (!own) continue;
    const ofQueue = counters.get(queueKey(own)) ?? new Map<string, number>();
    counters.set(queueKey(own), ofQueue.set(own.counter, value));
  }
  read.set(ethtoolStatistics, counters);
  return counters;
}

/** What drivers call the frames of a queue. */
export const frameCounters = ['packets', 'pkts'] as const;
