// The place of the histogram of interrupt-to-poll latency. SLOT: the events and `<LatencyHistogram>` are built with the tracepoints; joined, this file shows it for the chosen vector.
import type { VectorRow } from './vector-rows.ts';

/** How long it took from the interrupt of a vector to the poll that answered it. */
export function VectorLatency({ vector }: { vector: VectorRow | null }) {
  return (
    <p className="empty" data-slot="interrupt-latency">
      Latency from the interrupt{vector ? ` ${vector.irq}` : ''} to its poll needs the driver’s trace events (irq, poll), which this window
      does not read yet.
    </p>
  );
}
