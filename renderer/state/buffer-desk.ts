// What buffers of descriptors hold, for who asked: nothing before somebody permitted it for a device, and the newest look alone is kept.
import { createStore } from 'zustand/vanilla';
import type { BufferSnapshot } from '#common/layouts/buffer.ts';
import { bufferName } from '#common/protocol/buffers.ts';
import type { Arguments, Refusal } from '#common/protocol.ts';

/** Of which descriptor. */
export interface BufferPlace {
  readonly device: string;
  readonly kind: 'rx' | 'tx';
  readonly queue: number;
  readonly index: number;
}

/** What the window knows of buffers. */
export interface BufferState {
  /** Devices whose buffers this window was permitted to show. */
  readonly permitted: ReadonlySet<string>;
  /** The newest look, and why the newest that was asked for failed. */
  readonly look: BufferSnapshot | null;
  readonly refusal: { readonly place: BufferPlace; readonly refusal: Refusal } | null;
}

type Request = <V extends 'show-buffers' | 'read'>(verb: V, args: Arguments<V>) => Promise<Refusal | null>;

const nothing: BufferState = { permitted: new Set(), look: null, refusal: null };

/** Whether a look is of this descriptor. */
export const isOf = (look: BufferPlace | null, place: BufferPlace): boolean =>
  look !== null && look.device === place.device && look.kind === place.kind && look.queue === place.queue && look.index === place.index;

/** Asks, and keeps what came. */
export class BufferDesk {
  readonly store = createStore<BufferState>(() => nothing);
  readonly #request: Request;

  constructor(request: Request) {
    this.#request = request;
  }

  /** Permits to read the buffers of a device, once somebody has confirmed it, or ends that. Null when it was done. */
  async permit(device: string, on: boolean): Promise<Refusal | null> {
    const refusal = await this.#request('show-buffers', { device, on, confirmed: on });
    if (refusal && on) return refusal;
    // Ended is ended for this window, also when nobody is there any more to be told.
    const permitted = new Set(this.store.getState().permitted);
    if (on) permitted.add(device);
    else permitted.delete(device);
    this.store.setState(on ? { permitted } : { permitted, look: null, refusal: null });
    return refusal;
  }

  /** Looks once. What comes is in the store before this resolves. */
  async read(place: BufferPlace): Promise<void> {
    const refusal = await this.#request('read', { device: place.device, what: bufferName(place.kind, place.queue, place.index) });
    if (!refusal) {
      this.store.setState({ refusal: null });
      return;
    }
    this.store.setState({ refusal: { place, refusal } });
    if (refusal.code !== 'no-permission') return;
    const permitted = new Set(this.store.getState().permitted);
    permitted.delete(place.device);
    this.store.setState({ permitted });
  }

  /** What came. */
  take(look: BufferSnapshot): void {
    if (this.store.getState().permitted.has(look.device)) this.store.setState({ look });
  }

  /** Another agent, or another machine: what was permitted to the one before is over. */
  forget(): void {
    this.store.setState(nothing);
  }
}
