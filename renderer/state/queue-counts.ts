// What is counted for one queue, wherever it is counted: the kernel's queue statistics first, the driver's own (`ethtool -S`) where those have none.
import { frameCounters, ownCounters } from '#common/interrupts/queue-counters.ts';
import { queueKey } from '#common/interrupts/served-queues.ts';
import type { ObservationEvent } from '#common/protocol/observation.ts';

/** A count, or why there is none. */
export interface Counted {
  readonly value: number | null;
  readonly reason: string | null;
}

/** What can be counted for a queue. */
export type QueueCountName = 'frames' | 'bytes' | 'drops' | 'allocationFailures' | 'stops';

interface Places {
  /** Names of the kernel's family `netdev`; those that are there are added. */
  readonly kernel: readonly string[];
  /** What the driver's own statistics call it (`ownCounters`); the first that is there counts. */
  readonly driver: readonly string[];
}

const none: Places = { kernel: [], driver: [] };

const places: Record<QueueCountName, Record<'rx' | 'tx', Places>> = {
  frames: {
    rx: { kernel: ['rx-packets'], driver: frameCounters },
    tx: { kernel: ['tx-packets'], driver: frameCounters },
  },
  bytes: {
    rx: { kernel: ['rx-bytes'], driver: ['bytes'] },
    tx: { kernel: ['tx-bytes'], driver: ['bytes'] },
  },
  drops: {
    // `rx-hw-drops` counts overruns too.
    rx: { kernel: ['rx-hw-drops'], driver: ['drops', 'dropped'] },
    tx: { kernel: ['tx-hw-drops'], driver: ['dropped', 'drops'] },
  },
  allocationFailures: { rx: { kernel: ['rx-alloc-fail'], driver: ['alloc_failed', 'alloc_fail'] }, tx: none },
  stops: { rx: none, tx: { kernel: ['tx-stop'], driver: ['stopped'] } },
};

const words: Record<QueueCountName, string> = {
  frames: 'frames',
  bytes: 'bytes',
  drops: 'drops',
  allocationFailures: 'failed allocations',
  stops: 'stops',
};

/** The count of a queue in an observation. */
export function queueCount(observation: ObservationEvent | null, kind: 'rx' | 'tx', id: number, name: QueueCountName): Counted {
  if (!observation) return { value: null, reason: 'Waiting for the first observation of the device.' };
  const { kernel, driver } = places[name][kind];
  if (kernel.length + driver.length === 0)
    return { value: null, reason: `A ${kind === 'rx' ? 'receive' : 'transmit'} queue has no ${words[name]}.` };
  const values = observation.queueStatistics.items.find((one) => one.kind === kind && one.id === id)?.values;
  const told = kernel.map((counter) => values?.[counter]).filter((value) => value !== undefined);
  if (told.length > 0) return { value: told.reduce((sum, value) => sum + value, 0), reason: null };
  const own = ownCounters(observation).get(queueKey({ kind, id }));
  const counter = driver.find((one) => own?.has(one));
  if (own && counter !== undefined) return { value: own.get(counter) ?? null, reason: null };
  const reason = observation.queueStatistics.reason ?? `The kernel’s queue statistics of this driver have no ${words[name]}`;
  return { value: null, reason: `${reason.replace(/\.$/, '')}; nor do the driver’s own.` };
}
