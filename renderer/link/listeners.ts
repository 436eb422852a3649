// The two events of a transport, for the adapters beside this file.
import type { Unsubscribe } from '#common/transport.ts';

/** Listeners of one event; frames that come before anybody listens are kept. */
export class Listeners<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly #early: T[] = [];

  /** Adds a listener and gives it what came too early. */
  add(listener: (value: T) => void): Unsubscribe {
    this.#listeners.add(listener);
    for (const value of this.#early.splice(0)) listener(value);
    return () => this.#listeners.delete(listener);
  }

  /** Tells everybody, or keeps the value for the first who asks. */
  tell(value: T): void {
    if (this.#listeners.size === 0) this.#early.push(value);
    for (const listener of this.#listeners) listener(value);
  }
}
