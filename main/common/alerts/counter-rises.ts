// Counters of losses and errors, whoever counts them, and by how much each has risen.
import { type CounterKind, counterKind } from '#common/alerts/counter-kinds.ts';
import type { Situation } from '#common/alerts/detector.ts';
import type { Fact } from '#common/alerts/fact.ts';
import type { ObservationEvent } from '#common/protocol/observation.ts';

/** A counter as it stands: when it was first seen and with which value, and what it has come to. */
export interface CountedSince {
  readonly device: string;
  readonly name: string;
  readonly kind: CounterKind;
  readonly queue: string | null;
  /** All that it rose, over resets of the counter too. */
  readonly risen: number;
  readonly value: number;
  readonly atSeconds: number;
}

/** A counter that has just risen. */
export interface CounterRise extends CountedSince {
  readonly by: number;
  /** When it was read before this. */
  readonly beforeSeconds: number;
}

/** Remembers every such counter. */
export class CounterRises {
  readonly #kinds: ReadonlySet<CounterKind>;
  readonly #counters = new Map<string, CountedSince>();
  // Names are looked into once.
  readonly #kindOf = new Map<string, CounterKind | null>();

  constructor(kinds: readonly CounterKind[]) {
    this.#kinds = new Set(kinds);
  }

  /** All that were seen. */
  get counters(): readonly CountedSince[] {
    return [...this.#counters.values()];
  }

  /** Takes a sample or an observation, and says which counters rose. Any other fact changes nothing. */
  take(fact: Fact, situation: Situation): readonly CounterRise[] {
    const rises: CounterRise[] = [];
    if (fact.kind === 'restart') this.#counters.clear();
    else if (fact.kind === 'sample') {
      const { counters } = fact.table;
      for (let row = 0; row < counters.length; row += 1) {
        const counter = counters[row];
        if (!counter) continue;
        const kind = this.#kind(counter.name);
        if (kind === null) continue;
        const device = situation.deviceOfInterface(counter.interface)?.pciAddress;
        if (device === undefined) continue;
        const value = Number(fact.sample.counters[row] ?? 0n);
        this.#count(rises, { device, kind, name: `${counter.source} ${counter.name}`, queue: null, value, atSeconds: fact.atSeconds });
      }
    } else if (fact.kind === 'observation') this.#observed(rises, fact.observation, fact.atSeconds);
    return rises;
  }

  #observed(rises: CounterRise[], { device, ethtoolStatistics, queueStatistics, pcie }: ObservationEvent, atSeconds: number): void {
    for (const { name, value } of ethtoolStatistics.items)
      this.#named(rises, { device, name: `ethtool ${name}`, queue: null, value, atSeconds });
    for (const { kind, id, values } of queueStatistics.items)
      for (const [name, value] of Object.entries(values))
        this.#named(rises, { device, name: `queue ${name}`, queue: `${kind}:${id}`, value, atSeconds });
    for (const [name, value] of Object.entries(pcie.aer ?? {}))
      this.#named(rises, { device, name: `PCIe ${name} errors`, queue: null, value, atSeconds });
  }

  #named(rises: CounterRise[], reading: Omit<CountedSince, 'kind' | 'risen'>): void {
    const kind = this.#kind(reading.name);
    if (kind !== null) this.#count(rises, { ...reading, kind });
  }

  #count(rises: CounterRise[], reading: Omit<CountedSince, 'risen'>): void {
    const key = `${reading.device} ${reading.queue} ${reading.name}`;
    const before = this.#counters.get(key);
    // A counter that went back was started anew: what it shows has been counted since.
    const by = before ? (reading.value >= before.value ? reading.value - before.value : reading.value) : 0;
    const now: CountedSince = { ...reading, risen: (before?.risen ?? 0) + by };
    this.#counters.set(key, now);
    if (before && by > 0) rises.push({ ...now, by, beforeSeconds: before.atSeconds });
  }

  #kind(name: string): CounterKind | null {
    let kind = this.#kindOf.get(name);
    if (kind === undefined) {
      kind = counterKind(name);
      this.#kindOf.set(name, kind);
    }
    return kind !== null && this.#kinds.has(kind) ? kind : null;
  }
}
