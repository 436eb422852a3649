// Who wants to be called.
import type { Unsubscribe } from '#common/transport.ts';

/** A set of listeners; one that leaves or joins during a call is not missed and does not disturb it. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>();

  add(listener: (value: T) => void): Unsubscribe {
    // Wrapped, so that the same function given twice is called twice and ended apart.
    const own = (value: T) => listener(value);
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  call(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }
}
