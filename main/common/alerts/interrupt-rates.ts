// Interrupts a second of each vector of a network card, a figure a window of about a second.
import type { Fact } from '#common/alerts/fact.ts';

/** The rate of one vector over one window. */
export interface InterruptRate {
  readonly device: string;
  readonly irq: string;
  readonly name: string;
  readonly perSecond: number;
  readonly fromSeconds: number;
  readonly atSeconds: number;
}

/** Counts windows; a table with other rows begins anew. */
export class InterruptRates {
  readonly #windowSeconds: number;
  #tableId: number | null = null;
  #fromSeconds = 0;
  #totals: number[] = [];

  constructor(windowSeconds: number) {
    this.#windowSeconds = windowSeconds;
  }

  /** The rates of all vectors of network cards when a window ends with this fact; empty otherwise. */
  take(fact: Fact): readonly InterruptRate[] {
    if (fact.kind === 'restart') this.#tableId = null;
    if (fact.kind !== 'sample') return [];
    const { sample, table, atSeconds } = fact;
    const passed = atSeconds - this.#fromSeconds;
    const isKnown = this.#tableId === table.tableId && passed >= 0;
    if (isKnown && passed < this.#windowSeconds) return [];
    const totals = table.vectors.map(({ device }, row) => {
      if (device === null) return 0;
      let sum = 0;
      for (let cpu = 0; cpu < sample.cpuCount; cpu += 1) sum += Number(sample.vectors[row * sample.cpuCount + cpu] ?? 0n);
      return sum;
    });
    const rates = isKnown
      ? table.vectors.flatMap(({ device, irq, name }, row) => {
          const by = (totals[row] ?? 0) - (this.#totals[row] ?? 0);
          if (device === null || by < 0) return [];
          return [{ device, irq, name, perSecond: by / passed, fromSeconds: this.#fromSeconds, atSeconds }];
        })
      : [];
    this.#tableId = table.tableId;
    this.#totals = totals;
    this.#fromSeconds = atSeconds;
    return rates;
  }
}
