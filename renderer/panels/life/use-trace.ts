// How panels ask for trace events.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Refusal } from '#common/protocol.ts';
import type { TraceEventName } from '#common/trace/event-kinds.ts';
import { useModel, useSession } from '../../ui/model-context.tsx';

/** What a panel sees of the switch that it shares with all others. */
export interface TraceSwitchState {
  readonly isOn: boolean;
  /** Why the events cannot be had. */
  readonly fault: Refusal | null;
  /** Recorded events are told without anybody's cost; there is nothing to switch. */
  readonly isRecording: boolean;
  turn(isOn: boolean): void;
}

/** Wants these events of a device while the component is on the screen and tracing is on. `events` must be the same array from one painting to the next. */
export function useTrace(device: string | null, events: readonly TraceEventName[]): TraceSwitchState {
  const { traces } = useModel();
  const isRecording = useSession((state) => state.target?.kind === 'recording');
  const isOn = useStore(traces.store, (state) => state.isOn);
  const fault = useStore(traces.store, (state) => (device ? (state.faults[device] ?? null) : null));
  useEffect(() => (device ? traces.want({ device, events }) : undefined), [traces, device, events]);
  return { isOn, fault, isRecording, turn: (wanted) => traces.turn(wanted) };
}
