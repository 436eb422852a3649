// The frame readings of all devices, for the window.
import { type FrameRate, FrameReadings, framesByQueue } from '#common/interrupts/frame-readings.ts';
import type { QueueName } from '#common/interrupts/served-queues.ts';
import type { ObservationEvent } from '#common/protocol/observation.ts';
import { Source } from './source.ts';
import { secondsOf, type TimePoints, type TimeRange } from './time-store.ts';

/** A minute of frames by queue of each device, by its PCI address. */
export class QueueFrames extends Source {
  readonly #devices = new Map<string, FrameReadings>();

  /** Takes an observation; one that was told before changes nothing. */
  add(observation: ObservationEvent): void {
    const readings = this.#devices.get(observation.device) ?? new FrameReadings();
    this.#devices.set(observation.device, readings);
    const isNew = readings.add({ seconds: secondsOf(BigInt(observation.timeNs)), frames: framesByQueue(observation) });
    if (isNew) this.changed();
  }

  /** Forgets everything. */
  clear(): void {
    this.#devices.clear();
    this.changed();
  }

  /** See {@link FrameReadings.rate}. */
  rate(device: string, queues: readonly QueueName[], untilSeconds?: number): FrameRate | null {
    return this.#devices.get(device)?.rate(queues, untilSeconds) ?? null;
  }

  /** See {@link FrameReadings.rates}. */
  rates(device: string, queues: readonly QueueName[], range: TimeRange): TimePoints {
    return this.#devices.get(device)?.rates(queues, range) ?? { seconds: [], values: [] };
  }
}
