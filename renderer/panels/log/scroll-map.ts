// Scrolling through more pixels than the browser lets an element have. Small steps move exactly; dragging the bar jumps in proportion.

/** Chromium lays out at most 2^25 physical pixels; with four of them a CSS pixel this stays below. */
export const tallestPx = 8_000_000;

// So close to either end a pixel of the bar is a pixel of the list, so that wheel and keys meet both ends together.
const exactPx = 200_000;

/** Where the list stands, and how high the element is that the browser scrolls. */
export class ScrollMap {
  #total = 0;
  #viewport = 0;
  #top = 0;
  #elementTop = 0;

  /** Pixels from the list's beginning to the top of what is seen. */
  get top(): number {
    return this.#top;
  }

  /** The scroll position that the element has to have. */
  get elementTop(): number {
    return this.#elementTop;
  }

  /** Height that the element inside the scrolling one needs. */
  get elementHeight(): number {
    return Math.min(this.#total, tallestPx);
  }

  /** The lowest position there is. */
  get bottom(): number {
    return Math.max(0, this.#total - this.#viewport);
  }

  get viewport(): number {
    return this.#viewport;
  }

  /** Where in the element the list's pixel `listPx` is painted. */
  place(listPx: number): number {
    return listPx - this.#top + this.#elementTop;
  }

  /** The list's height and that of its visible part. The position stays as far as it can. */
  resize(total: number, viewport: number): void {
    this.#total = total;
    this.#viewport = viewport;
    // While rows come in, the element keeps its position: to move it would disturb who is scrolling.
    if (this.#top > this.bottom || total <= tallestPx || this.#elementTop > this.#room) this.scrollTo(this.#top);
  }

  /** Goes to a position of the list. */
  scrollTo(top: number): void {
    this.#top = Math.min(this.bottom, Math.max(0, top));
    this.#elementTop = this.#elementTopOf(this.#top);
  }

  /** The person scrolled the element to here: a small step moves as far in the list, a jump goes to the same share of it. */
  scrolled(elementTop: number): void {
    const step = elementTop - this.#elementTop;
    this.#elementTop = elementTop;
    if (this.#total <= tallestPx) {
      this.#top = elementTop;
      return;
    }
    if (Math.abs(step) >= this.#viewport * 2) {
      this.#top = this.#topOf(elementTop);
      return;
    }
    this.#top = Math.min(this.bottom, Math.max(0, this.#top + step));
    const edge = this.#viewport * 2;
    // The element must not end before the list does.
    if (elementTop < edge || elementTop > this.#room - edge) this.settle();
  }

  /** Nobody scrolls: the bar goes to where it belongs, which small steps have moved it away from. */
  settle(): void {
    this.#elementTop = this.#elementTopOf(this.#top);
  }

  get #room(): number {
    return Math.max(0, this.elementHeight - this.#viewport);
  }

  // Between the two exact ends both grow evenly.
  get #scale(): number {
    return (this.bottom - 2 * exactPx) / (this.#room - 2 * exactPx);
  }

  #elementTopOf(top: number): number {
    if (this.#total <= tallestPx || top <= exactPx) return top;
    if (top >= this.bottom - exactPx) return this.#room - (this.bottom - top);
    // Whole pixels, as browsers keep them.
    return Math.round(exactPx + (top - exactPx) / this.#scale);
  }

  #topOf(elementTop: number): number {
    if (elementTop <= exactPx) return Math.max(0, elementTop);
    if (elementTop >= this.#room - exactPx) return Math.min(this.bottom, this.bottom - (this.#room - elementTop));
    return exactPx + (elementTop - exactPx) * this.#scale;
  }
}
