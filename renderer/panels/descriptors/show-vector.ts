// From a queue to the interrupt vector that serves it.
import type { VectorsSnapshot } from '#common/layouts/snapshot.ts';
import type { ObservationEvent } from '#common/protocol/observation.ts';
import type { RingChoice } from '../../state/layout-store.ts';
import type { WindowModel } from '../../state/window-model.ts';

/** The interrupt of a queue: as the driver counts it, else as the kernel links queue, NAPI and interrupt; null where neither tells. */
export function interruptOf(
  { kind, index }: RingChoice,
  vectors: VectorsSnapshot | undefined,
  observation: ObservationEvent | undefined,
): number | null {
  const own = vectors?.vectors.find(({ queue, roles }) => queue === index && roles.includes(kind));
  if (own) return own.irq;
  const napiId = observation?.queues.items.find((queue) => queue.kind === kind && queue.id === index)?.napiId;
  return observation?.napis.items.find(({ id }) => id === napiId)?.irq ?? null;
}

/** Shows the Interrupts panel with the row of this interrupt in sight. */
export function showVector(model: WindowModel, irq: number): void {
  model.layout.setState({ view: 'inspect' });
  const name = model.history.table?.vectors.find((vector) => vector.irq === String(irq))?.name;
  // The panel may be painted only now.
  requestAnimationFrame(() => {
    const panel = document.querySelector<HTMLElement>('section[aria-label="Interrupts"]');
    panel?.focus();
    const rows = [...(panel?.querySelectorAll<HTMLElement>('[role="row"]') ?? [])];
    rows.find(({ dataset }) => dataset.irq === String(irq) || dataset.name === name)?.scrollIntoView({ block: 'nearest' });
  });
}
