// Who reads a terminal along, and how far behind: the pace is that of the swiftest reader, and no reader can hold up another.

/** Above this many unacknowledged bytes of every reader the shell waits. */
export const highBytes = 262_144;

/** Below this many of any reader it goes on. */
export const lowBytes = 65_536;

// A reader that is behind by this much while another keeps up gets nothing more until it has caught up.
const leftOutBytes = 2 * highBytes;

interface Reader {
  unacknowledged: number;
  isLeftOut: boolean;
}

/** The readers of one terminal. */
export class Flow<R> {
  readonly #readers = new Map<R, Reader>();

  /** Begins, or begins again, with `bytes` of kept output under way. */
  attach(reader: R, bytes: number): void {
    this.#readers.set(reader, { unacknowledged: bytes, isLeftOut: false });
  }

  leave(reader: R): void {
    this.#readers.delete(reader);
  }

  isReading(reader: R): boolean {
    return this.#readers.has(reader);
  }

  /** The readers that get these bytes, which count as under way to them from now on. */
  *send(bytes: number): Iterable<R> {
    for (const [reader, state] of this.#readers) {
      if (!state.isLeftOut && state.unacknowledged + bytes > leftOutBytes) state.isLeftOut = true;
      if (state.isLeftOut) continue;
      state.unacknowledged += bytes;
      yield reader;
    }
  }

  /** A reader has shown so many bytes. True when it was left out and has caught up: it is to be attached again. */
  acknowledge(reader: R, bytes: number): boolean {
    const state = this.#readers.get(reader);
    if (!state) return false;
    state.unacknowledged = Math.max(0, state.unacknowledged - bytes);
    return state.isLeftOut && state.unacknowledged < lowBytes;
  }

  /** Whether the shell has to wait, given whether it waits already. Without a reader it never does. */
  mustWait(isWaiting: boolean): boolean {
    if (this.#readers.size === 0) return false;
    const limit = isWaiting ? lowBytes : highBytes + 1;
    return [...this.#readers.values()].every(({ unacknowledged, isLeftOut }) => isLeftOut || unacknowledged >= limit);
  }
}
