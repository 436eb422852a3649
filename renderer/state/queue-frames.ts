// A minute of frames by queue, as the kernel or the driver counts them in observations: what a vector's interrupts are measured against.
import type { ObservationEvent } from '#common/protocol/observation.ts';
import type { FrameLoop } from './frame-loop.ts';
import { rateBetween } from './sample-history.ts';
import { Source } from './source.ts';
import { secondsOf, type TimePoints, type TimeRange } from './time-store.ts';

/** A queue of a device. */
export interface QueueName {
  readonly kind: 'rx' | 'tx';
  readonly id: number;
}

/** As a key, and for people in capitals: `rx 0`. */
export const queueKey = ({ kind, id }: QueueName): string => `${kind} ${id}`;

// Observations come once a second at the most, and seldom while nothing moves; some more for the rate at the oldest.
const capacity = 64;

// How drivers without the kernel's queue statistics name theirs: igb and ixgbe rx_queue_0_packets, i40e rx-0.packets, mlx5 rx0_packets, virtio rx_queue_0_packets.
const ownName = /^(rx|tx)[-_]?(?:queue_)?(\d+)[._](?:packets|pkts)$/;

/** Frames by queue in an observation; empty where nobody counts them by queue. */
export function framesByQueue({ queueStatistics, ethtoolStatistics }: ObservationEvent): ReadonlyMap<string, number> {
  const frames = new Map<string, number>();
  for (const { kind, id, values } of queueStatistics.items) {
    const packets = values[`${kind}-packets`];
    if (packets !== undefined) frames.set(queueKey({ kind, id }), packets);
  }
  if (frames.size > 0) return frames;
  for (const { name, value } of ethtoolStatistics.items) {
    const [, kind, id] = ownName.exec(name) ?? [];
    if (kind && id) frames.set(`${kind} ${Number(id)}`, value);
  }
  return frames;
}

interface Reading {
  readonly seconds: number;
  readonly frames: ReadonlyMap<string, number>;
}

/** A rate, and the instants between which it was taken. */
export interface FrameRate {
  readonly framesPerSecond: number;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/** Readings of all devices, oldest first. */
export class QueueFrames extends Source {
  readonly #devices = new Map<string, Reading[]>();

  constructor(loop: FrameLoop) {
    super(loop);
  }

  /** Takes an observation; one that was told before changes nothing. */
  add(observation: ObservationEvent): void {
    const readings = this.#devices.get(observation.device) ?? [];
    const seconds = secondsOf(BigInt(observation.timeNs));
    if (seconds <= (readings.at(-1)?.seconds ?? Number.NEGATIVE_INFINITY)) return;
    readings.push({ seconds, frames: framesByQueue(observation) });
    if (readings.length > capacity) readings.shift();
    this.#devices.set(observation.device, readings);
    this.changed();
  }

  /** Forgets everything. */
  clear(): void {
    this.#devices.clear();
    this.changed();
  }

  /** Frames a second of some queues together, by the newest two readings up to an instant; null where one of them is not counted. */
  rate(device: string, queues: readonly QueueName[], untilSeconds = Number.POSITIVE_INFINITY): FrameRate | null {
    const readings = this.#devices.get(device) ?? [];
    let at = readings.length - 1;
    while (at >= 0 && (readings[at]?.seconds ?? 0) > untilSeconds) at -= 1;
    return between(readings[at - 1], readings[at], queues);
  }

  /** The same within a stretch, oldest first. */
  rates(device: string, queues: readonly QueueName[], { from, to }: TimeRange): TimePoints {
    const readings = this.#devices.get(device) ?? [];
    const points = { seconds: [] as number[], values: [] as (number | null)[] };
    readings.forEach((reading, at) => {
      const isNear = (readings[at + 1]?.seconds ?? to) >= from && (readings[at - 1]?.seconds ?? from) <= to;
      if (!isNear || at === 0) return;
      points.seconds.push(reading.seconds);
      points.values.push(between(readings[at - 1], reading, queues)?.framesPerSecond ?? null);
    });
    return points;
  }
}

function between(older: Reading | undefined, newer: Reading | undefined, queues: readonly QueueName[]): FrameRate | null {
  if (!older || !newer || queues.length === 0) return null;
  let framesPerSecond = 0;
  for (const queue of queues) {
    const [before, now] = [older.frames.get(queueKey(queue)), newer.frames.get(queueKey(queue))];
    const rate = before === undefined || now === undefined ? null : rateBetween(before, now, newer.seconds - older.seconds);
    if (rate === null) return null;
    framesPerSecond += rate;
  }
  return { framesPerSecond, fromSeconds: older.seconds, toSeconds: newer.seconds };
}
