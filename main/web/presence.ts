// Counts the open pages and says when the last has been gone for a while; a reload is gone only for a moment.

/** How long no page may be open before the last one counts as closed. */
export const graceMs = 3000;

/** The pages that are connected now. */
export class Presence {
  readonly #onGone: () => void;
  #count = 0;
  #hasSeen = false;
  #isStopped = false;
  #timer: NodeJS.Timeout | null = null;

  /** `onGone` is called each time that the grace period passed without a page. */
  constructor(onGone: () => void) {
    this.#onGone = onGone;
  }

  /** Pages open now. */
  get count(): number {
    return this.#count;
  }

  /** Whether a page was ever open. */
  get hasSeen(): boolean {
    return this.#hasSeen;
  }

  /** A page has connected. */
  enter(): void {
    this.#count += 1;
    this.#hasSeen = true;
    this.#cancel();
  }

  /** A page has closed. */
  leave(): void {
    this.#count -= 1;
    this.expect();
  }

  /** From now on a page should come: when none does within the grace period, it is gone. */
  expect(): void {
    if (this.#count > 0 || this.#isStopped) return;
    this.#cancel();
    this.#timer = setTimeout(this.#onGone, graceMs);
  }

  /** Nobody is waited for any more. */
  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  #cancel(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
