// Who watches what: every client asks for its own rate, the agent hears of the highest.

/** A thing that can be watched: `device` is a PCI address, `what` as in the wire's `watch`. */
export interface Watched {
  readonly device: string;
  readonly what: string;
}

/** One name for a watched thing. */
export const keyOf = ({ device, what }: Watched): string => `${device} ${what}`;

interface Entry extends Watched {
  readonly rates: Map<object, number>;
}

/** The watches of all clients, in hertz. */
export class Watches {
  readonly #entries = new Map<string, Entry>();

  /** Sets one client's rate (0 ends it) and returns the highest wanted now. */
  set(client: object, watched: Watched, hz: number): number {
    const key = keyOf(watched);
    const entry = this.#entries.get(key) ?? { ...watched, rates: new Map<object, number>() };
    if (hz > 0) entry.rates.set(client, hz);
    else entry.rates.delete(client);
    if (entry.rates.size > 0) this.#entries.set(key, entry);
    else this.#entries.delete(key);
    return this.highest(watched);
  }

  rateOf(client: object, watched: Watched): number {
    return this.#entries.get(keyOf(watched))?.rates.get(client) ?? 0;
  }

  /** The highest rate wanted; 0 when nobody watches. */
  highest(watched: Watched): number {
    return Math.max(0, ...(this.#entries.get(keyOf(watched))?.rates.values() ?? []));
  }

  isWatching(client: object, key: string): boolean {
    return this.#entries.get(key)?.rates.has(client) ?? false;
  }

  /** Ends every watch of a client and returns the things whose highest rate changed by it. */
  leave(client: object): Watched[] {
    return this.all().filter((watched) => {
      const before = this.highest(watched);
      return this.rateOf(client, watched) > 0 && this.set(client, watched, 0) !== before;
    });
  }

  /** Everything watched. */
  all(): Watched[] {
    return [...this.#entries.values()].map(({ device, what }) => ({ device, what }));
  }
}
