// Which queues an interrupt serves: our driver says so in its snapshot of vectors, the kernel tells it of any driver as queue, NAPI and interrupt.
import type { VectorCounts } from '#common/layouts/snapshot.ts';
import type { ObservationEvent } from '#common/protocol/observation.ts';

/** A queue of a device. */
export interface QueueName {
  readonly kind: 'rx' | 'tx';
  readonly id: number;
}

/** As a key, and for people in capitals: `rx 0`. */
export const queueKey = ({ kind, id }: QueueName): string => `${kind} ${id}`;

/** The queues of an interrupt of a device, none where it is known that it serves none; null where nobody tells. What the driver itself says goes first. */
export function queuesServed(
  irq: string,
  own: VectorCounts | undefined,
  seen: Pick<ObservationEvent, 'queues' | 'napis'> | undefined,
): readonly QueueName[] | null {
  if (own) {
    const id = own.queue;
    return id === null ? [] : (['rx', 'tx'] as const).filter((kind) => own.roles.includes(kind)).map((kind) => ({ kind, id }));
  }
  if (!seen) return null;
  const napis = new Set(seen.napis.items.filter((napi) => String(napi.irq) === irq).map(({ id }) => id));
  const queues = seen.queues.items.filter(({ napiId }) => napiId !== null && napis.has(napiId)).map(({ kind, id }) => ({ kind, id }));
  // A driver that tells the kernel of no queue's NAPI, or of no NAPI's interrupt, has told nothing of this one either.
  const isTold = seen.queues.items.some(({ napiId }) => napiId !== null) && seen.napis.items.some((napi) => napi.irq !== null);
  return queues.length > 0 || isTold ? queues : null;
}
