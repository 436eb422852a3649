// What detectors are fed with: one thing that the session has learned, with its instant on the kernel's clock.
import type { LogRecord } from '#common/layouts/log-batch.ts';
import type { Sample } from '#common/layouts/sample.ts';
import type { RingSnapshot, VectorsSnapshot } from '#common/layouts/snapshot.ts';
import type { ObservationEvent } from '#common/protocol/observation.ts';
import type { Device, EventOf } from '#common/protocol.ts';

/** A line of the kernel log, from a batch or from what is kept of it. */
export type LoggedLine = Pick<LogRecord, 'level' | 'text' | 'device'> & { readonly timeUs: bigint | number };

/** What has arrived, as it was decoded. */
export type FactContent =
  | { readonly kind: 'sample'; readonly sample: Sample; readonly table: EventOf<'table'> }
  | { readonly kind: 'ring'; readonly ring: RingSnapshot }
  | { readonly kind: 'vectors'; readonly vectors: VectorsSnapshot }
  | { readonly kind: 'observation'; readonly observation: ObservationEvent }
  | { readonly kind: 'log'; readonly record: LoggedLine }
  | { readonly kind: 'devices'; readonly devices: readonly Device[] }
  | { readonly kind: 'module'; readonly module: EventOf<'module'> }
  /** Something was lost on the way: `text` says what, in words. */
  | { readonly kind: 'gap'; readonly count: number; readonly what: string; readonly text: string }
  /** Nothing arrived, but time has passed. */
  | { readonly kind: 'tick' }
  /** Another boot, or another instant of a recording: nothing of before counts. */
  | { readonly kind: 'restart' };

/** A thing and its instant, in seconds since the target's boot (CLOCK_MONOTONIC). */
export type Fact = FactContent & { readonly atSeconds: number };

/** Seconds since boot of nanoseconds since boot. */
export const secondsOfNs = (timeNs: bigint): number => Number(timeNs / 1_000_000_000n) + Number(timeNs % 1_000_000_000n) / 1e9;

/** The instant of a thing by its own clock; null where it carries none. */
export function ownSeconds(content: FactContent): number | null {
  switch (content.kind) {
    case 'sample':
      return secondsOfNs(content.sample.timeNs);
    case 'ring':
      return secondsOfNs(content.ring.timeAfterNs);
    case 'vectors':
      return secondsOfNs(content.vectors.timeAfterNs);
    case 'observation':
      return secondsOfNs(BigInt(content.observation.timeNs));
    case 'log':
      return Number(content.record.timeUs) / 1e6;
    default:
      return null;
  }
}
