// The rows of the heat map: the vectors of a device or of the machine, and what each is for.
import { type QueueName, queuesServed } from '#common/interrupts/served-queues.ts';
import type { VectorsSnapshot } from '#common/layouts/snapshot.ts';
import type { Affinity } from '#common/protocol/interrupt-control.ts';
import type { ObservationEvent } from '#common/protocol/observation.ts';
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
    const queues = isOfDevice ? (queuesServed(irq, own, seen) ?? []) : [];
    const isLink = own?.roles.includes('link') ?? false;
    const affinity = seen?.affinity?.items.find((one) => String(one.irq) === irq) ?? null;
    return [{ row, irq, name, chip, isOfDevice, queues, isLink, role: roleOf(queues, isLink), affinity }];
  });
}
