// The newest thing of each kind, for what has no history: while the screen stands still, that of when it stopped.
import { Source } from './source.ts';

/** Things by key. */
export class Newest<T> extends Source {
  readonly #things = new Map<string, T>();
  #standing: { readonly of: number; readonly things: ReadonlyMap<string, T> } | null = null;

  /** The newest; while the screen stands still, the newest of then. */
  get(key: string): T | undefined {
    const standing = this.isStill && this.#standing?.of === this.stillness ? this.#standing.things : this.#things;
    return standing.get(key);
  }

  /** Forgets everything: another driver, or another boot of the target. */
  clear(): void {
    this.#things.clear();
    this.#standing = null;
    this.changed();
  }

  /** The newest, whether the screen stands still or not. */
  protected newest(key: string): T | undefined {
    return this.#things.get(key);
  }

  /** Has to come before a thing is changed or replaced. */
  protected beforeChange(): void {
    if (!this.isStill) this.#standing = null;
    else if (this.#standing?.of !== this.stillness) {
      const things = new Map([...this.#things].map(([key, thing]) => [key, this.held(thing)]));
      this.#standing = { of: this.stillness, things };
    }
  }

  protected replace(key: string, thing: T): void {
    this.beforeChange();
    this.#things.set(key, thing);
    this.changed();
  }

  /** A thing as it is now, which nothing that comes changes. */
  protected held(thing: T): T {
    return thing;
  }
}
