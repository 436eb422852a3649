// One animation frame loop for the whole window. What arrived between two frames is painted once, and acknowledged after it is on the screen.

/** How the loop reaches the browser; a test drives it by hand. */
export interface FrameClock {
  requestFrame(run: () => void): void;
  /** Runs after the frame's pixels have been handed over. */
  afterPaint(run: () => void): void;
}

/** The browser's own clock. */
export const browserClock: FrameClock = {
  requestFrame: (run) => void requestAnimationFrame(run),
  // A task queued from within the frame runs once the frame is done, and unlike a second frame it also comes when the window gets covered.
  afterPaint: (run) => void setTimeout(run, 0),
};

/** Collects what is dirty and runs it in the next frame. */
export class FrameLoop {
  readonly #clock: FrameClock;
  #dirty = new Set<() => void>();
  #painted: (() => void)[] = [];
  #isScheduled = false;
  #isStill = false;
  #stillness = 0;
  #waiting = new Set<() => void>();

  constructor(clock: FrameClock) {
    this.#clock = clock;
  }

  /** Paints in the next frame; asking twice paints once. */
  invalidate(paint: () => void): void {
    this.#dirty.add(paint);
    this.#schedule();
  }

  /** Whether the screen stands still: what changes then is painted once it goes on. */
  get isStill(): boolean {
    return this.#isStill;
  }

  /** How often the screen has stood still; another number says that it went on in between. */
  get stillness(): number {
    return this.#stillness;
  }

  /** Lets the screen stand still, or go on. What has to be painted all the same (a pointer, a choice) is invalidated as always. */
  standStill(isStill: boolean): void {
    if (isStill && !this.#isStill) this.#stillness += 1;
    this.#isStill = isStill;
    if (isStill) return;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const paint of waiting) this.invalidate(paint);
  }

  /** Paints in the next frame in which the screen does not stand still. */
  invalidateMoving(paint: () => void): void {
    if (this.#isStill) this.#waiting.add(paint);
    else this.invalidate(paint);
  }

  /** Runs once after the next frame has been painted. */
  afterNextPaint(run: () => void): void {
    this.#painted.push(run);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#clock.requestFrame(() => this.#frame());
  }

  #frame(): void {
    this.#isScheduled = false;
    const dirty = this.#dirty;
    const painted = this.#painted;
    this.#dirty = new Set();
    this.#painted = [];
    for (const paint of dirty) paint();
    if (painted.length > 0) this.#clock.afterPaint(() => painted.forEach((run) => void run()));
  }
}
