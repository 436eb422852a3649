// A canvas for a document without pixels: it has a size, and counts what is drawn on it.

/** What all canvases of the document were told since `forget`. */
export class DrawnCanvas {
  readonly calls: { readonly canvas: HTMLCanvasElement; readonly name: string; readonly args: readonly unknown[] }[] = [];
  readonly #before: PropertyDescriptor[] = [];
  readonly #sizes = ['clientWidth', 'clientHeight', 'offsetWidth', 'offsetHeight'] as const;

  /** Every element is so large from now on, until `restore`. */
  constructor({ width = 640, height = 400 } = {}) {
    const calls = this.calls;
    for (const name of this.#sizes) {
      this.#before.push(Object.getOwnPropertyDescriptor(HTMLElement.prototype, name) ?? { value: 0, configurable: true });
      Object.defineProperty(HTMLElement.prototype, name, { get: () => (name.endsWith('Width') ? width : height), configurable: true });
    }
    this.#before.push(Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, 'getContext') ?? { configurable: true });
    Object.defineProperty(HTMLCanvasElement.prototype, 'getContext', {
      configurable: true,
      value(this: HTMLCanvasElement) {
        return new Proxy({} as Record<string, unknown>, {
          get: (kept, name) => kept[String(name)] ?? ((...args: unknown[]) => void calls.push({ canvas: this, name: String(name), args })),
        });
      },
    });
  }

  /** How often a canvas of this class was begun anew. */
  drawings(className: string): number {
    return this.calls.filter(({ canvas, name }) => name === 'clearRect' && canvas.classList.contains(className)).length;
  }

  forget(): void {
    this.calls.length = 0;
  }

  restore(): void {
    const names = [
      ...this.#sizes.map((name) => [HTMLElement.prototype, name] as const),
      [HTMLCanvasElement.prototype, 'getContext'] as const,
    ];
    for (const [at, [owner, name]] of names.entries()) Object.defineProperty(owner, name, this.#before[at] ?? { configurable: true });
  }
}
