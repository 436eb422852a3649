// Which vector serves which queues: our driver says so in its snapshot of vectors, the kernel tells it of any driver as queue, NAPI and interrupt.
import type { VectorCounts, VectorsSnapshot } from '#common/layouts/snapshot.ts';
import type { Affinity } from '#common/protocol/interrupt-control.ts';
import type { ObservationEvent } from '#common/protocol/observation.ts';
import type { QueueName } from '../../state/queue-frames.ts';
import type { SampleTable } from '../../state/sample-history.ts';

/** One row of the heat map. `row` is its place in the table of samples. */
export interface VectorRow {
  readonly row: number;
  readonly irq: string;
  readonly name: string;
  readonly chip: string;
  readonly isOfDevice: boolean;
  readonly queues: readonly QueueName[];
  /** It tells of the link. */
  readonly isLink: boolean;
  /** What the vector is for, in few letters: `RX 0 TX 0`, `link`; empty where nobody tells. */
  readonly role: string;
  readonly affinity: Affinity | null;
}

function queuesOf(irq: string, own: VectorCounts | undefined, seen: ObservationEvent | undefined): readonly QueueName[] {
  const queue = own?.queue ?? null;
  if (own && queue !== null) return (['rx', 'tx'] as const).filter((kind) => own.roles.includes(kind)).map((kind) => ({ kind, id: queue }));
  const napis = new Set(seen?.napis.items.filter((napi) => String(napi.irq) === irq).map(({ id }) => id));
  return seen?.queues.items.filter(({ napiId }) => napiId !== null && napis.has(napiId)).map(({ kind, id }) => ({ kind, id })) ?? [];
}

/** `RX 0 TX 0`, with the kinds that are many in one: `RX 0-3`. */
function roleOf(queues: readonly QueueName[], isLink: boolean): string {
  const words = (['rx', 'tx'] as const).flatMap((kind) => {
    const ids = queues.filter((queue) => queue.kind === kind).map(({ id }) => id);
    if (ids.length === 0) return [];
    const [least, most] = [Math.min(...ids), Math.max(...ids)];
    return [`${kind.toUpperCase()} ${least === most ? least : `${least}–${most}`}`];
  });
  return [...words, ...(isLink ? ['link'] : [])].join(' ');
}

/** The rows of a table: those of a device, or all. */
export function vectorRows(
  table: SampleTable,
  device: string | null,
  counted: VectorsSnapshot | undefined,
  seen: ObservationEvent | undefined,
  isAll: boolean,
): VectorRow[] {
  return table.vectors.flatMap(({ irq, name, chip, device: owner }, row) => {
    const own = counted?.vectors.find((vector) => String(vector.irq) === irq);
    const isOfDevice = own !== undefined || (device !== null && owner === device);
    if (!isAll && !isOfDevice) return [];
    const queues = isOfDevice ? queuesOf(irq, own, seen) : [];
    const isLink = own?.roles.includes('link') ?? false;
    const affinity = seen?.affinity?.items.find((one) => String(one.irq) === irq) ?? null;
    return [{ row, irq, name, chip, isOfDevice, queues, isLink, role: roleOf(queues, isLink), affinity }];
  });
}
