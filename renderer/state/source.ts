// Data that changes too fast for a store: it lives in typed arrays, and whoever shows it is told once a frame.
import type { FrameLoop } from './frame-loop.ts';

/** A version that grows with each change, and listeners that hear of it in the next animation frame, or when the screen goes on after a pause. */
export class Source {
  readonly #loop: FrameLoop;
  readonly #listeners = new Set<() => void>();
  #painted = 0;
  #changed = 0;

  constructor(loop: FrameLoop) {
    this.#loop = loop;
  }

  /** The version that is on the screen, or about to be. */
  readonly version = (): number => this.#painted;

  /** Hears of changes, once a frame. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Something changed. */
  protected changed(): void {
    this.#changed += 1;
    this.#loop.invalidateMoving(this.#paint);
  }

  /** Something else of what is known shall be shown, though the screen stands still. */
  protected shownOtherwise(): void {
    this.#changed += 1;
    this.#loop.invalidate(this.#paint);
  }

  /** Whether what is shown has to stay as it is: data keeps coming all the same. */
  protected get isStill(): boolean {
    return this.#loop.isStill;
  }

  /** Which standing still it is, or was last: another number each time that the screen stops. */
  protected get stillness(): number {
    return this.#loop.stillness;
  }

  readonly #paint = (): void => {
    if (this.#painted === this.#changed) return;
    this.#painted = this.#changed;
    for (const listener of this.#listeners) listener();
  };
}
