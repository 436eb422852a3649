// The switch of the trace events: off until somebody wants them, and it says what they cost.

import type { DeviceTrace } from '../../state/trace-events.ts';
import { formatCount } from '../../ui/format.ts';
import { formatLatency } from '../../ui/format-latency.ts';
import { useSession } from '../../ui/model-context.tsx';
import type { TraceSwitchState } from './use-trace.ts';

/** What is being paid, measured. */
function Price({ trace }: { trace: DeviceTrace | undefined }) {
  const cost = useSession((state) => state.cost);
  const parts = [
    `${formatCount(trace?.eventsPerSecond ?? null)} events/s`,
    `${formatCount(trace?.lostEvents ?? 0)} lost`,
    ...(trace && trace.pausedNs > 0 ? [`${formatLatency(trace.pausedNs)} left out (over 200 000 events/s)`] : []),
    ...(cost ? [`agent ${cost.cpuPercent.toFixed(1)} % CPU`] : []),
  ];
  return (
    <span
      className="mono soft"
      title="Measured: events of this device, those overwritten before they were read, and the agent’s CPU time of one core"
    >
      {parts.join(' · ')}
    </span>
  );
}

/** The switch, with its price. */
export function TraceSwitch({ control, trace }: { control: TraceSwitchState; trace: DeviceTrace | undefined }) {
  const { isOn, fault, isRecording, turn } = control;
  if (isRecording) return <p className="soft">As recorded. Only what was traced while recording is there.</p>;
  if (fault) {
    return (
      <p className="life-switch" role="alert">
        <span className="invalid">
          {fault.message} {fault.remedy ?? ''}
        </span>
        <button type="button" onClick={() => turn(true)}>
          Try again
        </button>
      </p>
    );
  }
  return (
    <p className="life-switch">
      <button type="button" aria-pressed={isOn} onClick={() => turn(!isOn)}>
        {isOn ? 'Stop tracing' : 'Trace the driver’s events'}
      </button>
      {isOn ? (
        <Price trace={trace} />
      ) : (
        <span className="soft">
          Off, since it costs: the driver writes an event for every descriptor, doorbell, interrupt and poll of this device while it is on.
        </span>
      )}
    </p>
  );
}
