// Which snapshots this window wants. Panels come and go; each thing is asked for once, at the highest rate wanted, and ended with its last panel.
import type { Refusal } from '#common/protocol.ts';
import type { Result } from '#common/result.ts';

/** One thing of one device, and how often. */
export interface Watch {
  readonly device: string;
  readonly what: string;
  readonly hz: number;
}

type Ask = (watch: Watch) => Promise<Result<null, Refusal>>;

const keyOf = ({ device, what }: Pick<Watch, 'device' | 'what'>) => `${device} ${what}`;

/** Keeps the session's watches equal to what the panels want, times a scale by which the observer's budget slows all of them. */
export class Watches {
  readonly #wanted = new Set<Watch>();
  readonly #asked = new Map<string, number>();
  readonly #onFault: (key: string, refusal: Refusal | null) => void;
  #ask: Ask | null = null;
  #scale = 1;

  constructor(onFault: (key: string, refusal: Refusal | null) => void) {
    this.#onFault = onFault;
  }

  /** Wants a thing until the returned function is called. */
  want(watch: Watch): () => void {
    this.#wanted.add(watch);
    this.#reconcile();
    return () => {
      this.#wanted.delete(watch);
      this.#reconcile();
    };
  }

  /** Asks for everything at this part of the rate that panels want. */
  slowTo(scale: number): void {
    this.#scale = scale;
    this.#reconcile();
  }

  /** The target answers now (`ask`), or no longer (null): what it was asked before is forgotten. */
  serveBy(ask: Ask | null): void {
    this.#ask = ask;
    this.#asked.clear();
    this.#reconcile();
  }

  #reconcile(): void {
    const ask = this.#ask;
    if (!ask) return;
    const rates = new Map<string, Watch>();
    for (const watch of this.#wanted) {
      const key = keyOf(watch);
      const hz = watch.hz * this.#scale;
      if ((rates.get(key)?.hz ?? 0) < hz) rates.set(key, { ...watch, hz });
    }
    for (const [key, watch] of rates) {
      if (this.#asked.get(key) === watch.hz) continue;
      this.#asked.set(key, watch.hz);
      void ask(watch).then((answer) => this.#onFault(key, answer.ok ? null : answer.error));
    }
    for (const key of [...this.#asked.keys()]) {
      if (rates.has(key)) continue;
      this.#asked.delete(key);
      const [device = '', what = ''] = key.split(' ');
      void ask({ device, what, hz: 0 });
    }
  }
}
