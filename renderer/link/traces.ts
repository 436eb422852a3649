// Which trace events this window wants. They cost the driver something, so nothing is asked for until somebody switches them on; then panels say which they need.
import { createStore } from 'zustand/vanilla';
import type { Refusal } from '#common/protocol.ts';
import type { Result } from '#common/result.ts';
import type { TraceEventName } from '#common/trace/event-kinds.ts';

/** Events of one device. */
export interface Trace {
  readonly device: string;
  readonly events: readonly TraceEventName[];
}

type Ask = (trace: { device: string; events: TraceEventName[] }) => Promise<Result<null, Refusal>>;

/** What was switched on, and what was refused. */
export interface TracesState {
  /** Somebody has switched them on, or they cost nobody anything. */
  readonly isOn: boolean;
  /** Why a device's events cannot be had, by its address. */
  readonly faults: Readonly<Record<string, Refusal>>;
}

/** Keeps what the session is asked for equal to what the panels want, while it is on. */
export class Traces {
  readonly store = createStore<TracesState>(() => ({ isOn: false, faults: {} }));
  readonly #wanted = new Set<Trace>();
  readonly #asked = new Map<string, string>();
  #ask: Ask | null = null;
  #isFree = false;

  /** Wants events until the returned function is called. */
  want(trace: Trace): () => void {
    this.#wanted.add(trace);
    this.#reconcile();
    return () => {
      this.#wanted.delete(trace);
      this.#reconcile();
    };
  }

  /** Switches the asking on or off, for all panels. */
  turn(isOn: boolean): void {
    this.store.setState({ isOn, faults: {} });
    this.#reconcile();
  }

  /** The target answers now (`ask`), or no longer (null): what it was asked before is forgotten. */
  serveBy(ask: Ask | null): void {
    this.#ask = ask;
    this.#asked.clear();
    this.#reconcile();
  }

  /** What was recorded is told without anybody's cost: it is on while a recording is open, and off after it. */
  setFree(isFree: boolean): void {
    if (isFree === this.#isFree) return;
    this.#isFree = isFree;
    this.turn(isFree);
  }

  #reconcile(): void {
    const ask = this.#ask;
    if (!ask) return;
    const wanted = new Map<string, Set<TraceEventName>>();
    if (this.store.getState().isOn)
      for (const { device, events } of this.#wanted) wanted.set(device, new Set([...(wanted.get(device) ?? []), ...events]));
    for (const device of new Set([...wanted.keys(), ...this.#asked.keys()])) {
      const events = [...(wanted.get(device) ?? [])].sort();
      const key = String(events);
      if ((this.#asked.get(device) ?? '') === key) continue;
      if (events.length > 0) this.#asked.set(device, key);
      else this.#asked.delete(device);
      void ask({ device, events }).then((answer) => {
        if ((this.#asked.get(device) ?? '') === key) this.#answered(device, answer.ok || events.length === 0 ? null : answer.error);
      });
    }
  }

  #answered(device: string, refusal: Refusal | null): void {
    const { [device]: _, ...others } = this.store.getState().faults;
    this.store.setState({ faults: refusal ? { ...others, [device]: refusal } : others });
  }
}
