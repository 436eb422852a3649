// How components reach the model, and how they hear of changes.
import { createContext, useContext, useEffect, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { Device } from '#common/protocol.ts';
import type { LayoutState } from '../state/layout-store.ts';
import type { SessionState } from '../state/session-store.ts';
import type { Source } from '../state/source.ts';
import type { TimeState } from '../state/time-store.ts';
import type { WindowModel } from '../state/window-model.ts';

const Context = createContext<WindowModel | null>(null);

/** Gives the model to everything below. */
export const ModelProvider = Context.Provider;

/** The model. */
export function useModel(): WindowModel {
  const model = useContext(Context);
  if (!model) throw new Error('No model above this component.');
  return model;
}

/** A part of what changes at human speed; of what is measured, the part of the instant at which the screen stands. */
export function useSession<T>(select: (state: SessionState) => T): T {
  const { session, standstill } = useModel();
  // Pausing and going on change what is shown of the same state.
  useTime((state) => state.pausedSeconds);
  return useStore(session, (state) => select(standstill.shown(state)));
}

/** A part of what the person chose. */
export const useLayout = <T,>(select: (state: LayoutState) => T): T => useStore(useModel().layout, select);

/** A part of the instants that all panels share. */
export const useTime = <T,>(select: (state: TimeState) => T): T => useStore(useModel().time, select);

/** The instant whose values are shown while the screen stands still: see `Standstill.shownSeconds`; null while it goes on. */
export function useShownSeconds(): number | null {
  const { standstill } = useModel();
  return useTime(() => standstill.shownSeconds);
}

/** Paints again with each frame in which the source changed. */
export function useSource(source: Source): number {
  return useSyncExternalStore(source.subscribe, source.version);
}

/** The device that the window is about: the chosen one, else the one whose driver shows its rings, else the first without a driver, else the first. */
export function chooseDevice(devices: readonly Device[] | null, chosen: string | null): Device | null {
  if (!devices) return null;
  return (
    devices.find((device) => device.pciAddress === chosen) ??
    devices.find((device) => device.rings.length > 0) ??
    devices.find((device) => device.driver === null) ??
    devices[0] ??
    null
  );
}

/** The device that the window is about. */
export function useDevice(): Device | null {
  const devices = useSession((state) => state.devices);
  const chosen = useLayout((state) => state.device);
  return chooseDevice(devices, chosen);
}

/** Observes a device, whoever drives it, while the component is on the screen. */
export function useObservation(device: string | null, hz: number): void {
  const { observed } = useModel();
  useEffect(() => (device ? observed.want({ device, what: 'observation', hz }) : undefined), [observed, device, hz]);
}

/** Wants snapshots of a thing while the component is on the screen. */
export function useWatch(device: string | null, what: string | null, hz: number): void {
  const { watches } = useModel();
  useEffect(() => (device && what ? watches.want({ device, what, hz }) : undefined), [watches, device, what, hz]);
}
