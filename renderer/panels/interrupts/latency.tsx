// How long it took from the interrupts of a vector to the polls that answered them, from the driver's trace events.
import { useMemo } from 'react';
import type { TraceEventName } from '#common/trace/event-kinds.ts';
import { interruptToPoll } from '#common/trace/latencies.ts';
import { useModel } from '../../ui/model-context.tsx';
import { usePaced } from '../../ui/paced.ts';
import { LatencyHistogram } from '../life/latency-histogram.tsx';
import { TraceSwitch } from '../life/trace-switch.tsx';
import { useTrace } from '../life/use-trace.ts';
import type { VectorRow } from './vector-rows.ts';

const events: readonly TraceEventName[] = ['irq', 'poll'];
// A walk through all kept events takes some thirty milliseconds, and nobody reads faster.
const everyMs = 1000;

/** The histogram of a vector that serves a queue. */
export function VectorLatency({ device, vector }: { device: string | null; vector: VectorRow | null }) {
  const { traceEvents, vectors } = useModel();
  const control = useTrace(device, events);
  const version = usePaced(traceEvents, everyMs);
  const trace = device === null ? undefined : traceEvents.get(device);
  const queue = vector?.queues[0]?.id;
  const number = device === null ? undefined : vectors.get(device)?.vectors.find(({ irq }) => String(irq) === vector?.irq)?.vector;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the trace is the same object with other events
  const spread = useMemo(
    () => (trace && queue !== undefined && number !== undefined ? interruptToPoll(trace, { vector: number, queue }) : null),
    [trace, queue, number, version],
  );
  return (
    <div className="vector-latency">
      <TraceSwitch control={control} trace={trace} />
      {spread ? (
        <LatencyHistogram
          title={`Vector ${number}: interrupt to poll`}
          spread={spread}
          reason="No interrupt of this vector since the events are on."
        />
      ) : (
        <p className="soft">
          {vector && queue === undefined ? 'This vector serves no queue, so no poll answers it.' : 'Shown once the events are on.'}
        </p>
      )}
    </div>
  );
}
