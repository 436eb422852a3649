// The last seconds of everything that an autopsy wants to see, bounded, so that they are there when something stops.
import { type Fact, type LoggedLine, secondsOfNs } from '#common/alerts/fact.ts';
import { pendingWork } from '#common/alerts/pending-work.ts';
import type { FrozenCase, FrozenRing, FrozenVector } from '#common/autopsy/frozen-case.ts';
import type { Sample } from '#common/layouts/sample.ts';
import type { RegistersSnapshot, RingSnapshot } from '#common/layouts/snapshot.ts';
import type { ObservationEvent } from '#common/protocol/observation.ts';
import type { Device, EventOf } from '#common/protocol.ts';
import { rigbRings } from '#common/rings/rigb.ts';
import { descriptorHex } from '#common/rings/ring-backend.ts';

/** How much is kept. */
export const autopsyLimits = { seconds: 10, positions: 400, vectors: 100, samples: 110, logLines: 200, descriptors: 32 } as const;

type Positions = FrozenRing['history'][number];

interface KeptRing {
  newest: RingSnapshot;
  history: Positions[];
}

/** What an autopsy is about. */
export interface AutopsySubject {
  readonly device: string;
  readonly queue: { readonly kind: 'rx' | 'tx'; readonly index: number } | null;
  /** Why it is made, in a sentence. */
  readonly trigger: string;
  readonly atSeconds: number;
}

/** What is known besides the history. */
export interface AutopsySurroundings {
  readonly registers: RegistersSnapshot | null;
  readonly hello: EventOf<'hello'> | null;
}

const within = <T extends { readonly atSeconds: number }>(history: readonly T[], most: number): T[] => {
  const newest = history.at(-1)?.atSeconds ?? 0;
  return history.filter(({ atSeconds }) => newest - atSeconds <= autopsyLimits.seconds).slice(-most);
};

/** Keeps the last seconds; facts of a restart void them. */
export class AutopsyHistory {
  readonly #rings = new Map<string, KeptRing>();
  readonly #vectors = new Map<string, Map<number, FrozenVector>>();
  readonly #observations = new Map<string, ObservationEvent>();
  #samples: { readonly sample: Sample; readonly table: EventOf<'table'> }[] = [];
  #log: LoggedLine[] = [];
  #devices: readonly Device[] = [];

  take(fact: Fact): void {
    switch (fact.kind) {
      case 'ring':
        this.#ring(fact.ring, fact.atSeconds);
        break;
      case 'vectors':
        this.#count(fact);
        break;
      case 'sample':
        this.#samples.push({ sample: fact.sample, table: fact.table });
        if (this.#samples.length > autopsyLimits.samples) this.#samples.shift();
        break;
      case 'log':
        this.#log.push(fact.record);
        if (this.#log.length > autopsyLimits.logLines * 2) this.#log = this.#log.slice(-autopsyLimits.logLines);
        break;
      case 'observation':
        this.#observations.set(fact.observation.device, fact.observation);
        break;
      case 'devices':
        this.#devices = fact.devices;
        break;
      case 'restart':
        this.#rings.clear();
        this.#vectors.clear();
        this.#observations.clear();
        this.#samples = [];
        this.#log = [];
        break;
    }
  }

  /** Everything that is known of a queue, as plain data that does not change any more. */
  freeze({ device, queue, trigger, atSeconds }: AutopsySubject, { registers, hello }: AutopsySurroundings): FrozenCase {
    const known = this.#devices.find(({ pciAddress }) => pciAddress === device) ?? null;
    const observation = this.#observations.get(device);
    const isOwn = (ring: RingSnapshot) => ring.kind === queue?.kind && ring.index === queue.index;
    const rings = [...this.#rings.values()]
      .filter(({ newest }) => newest.device === device)
      .sort((a, b) => Number(isOwn(b.newest)) - Number(isOwn(a.newest)))
      .map(frozenRing);
    const bootMs = hello === null ? null : Number(BigInt(hello.bootTimeUnixNs) / 1_000_000n);
    return {
      device,
      interface: known?.interface ?? null,
      driver: known?.driver ?? null,
      kernel: hello === null ? null : `${hello.kernel} ${hello.architecture}`,
      queue: queue === null ? null : { ...queue },
      trigger,
      atSeconds,
      atUnixMs: bootMs === null ? null : Math.round(bootMs + atSeconds * 1000),
      rings,
      registers:
        registers === null || registers.device !== device
          ? null
          : { atSeconds: secondsOfNs(registers.timeAfterNs), values: registers.registers.map((one) => ({ ...one })) },
      vectors: [...(this.#vectors.get(device)?.values() ?? [])].map((vector) => ({
        ...vector,
        history: within(vector.history, autopsyLimits.vectors),
      })),
      link: known && { carrier: known.carrier, administrativeUp: known.administrativeUp, speedMbps: known.speedMbps },
      napi: observation?.napis.items.map((one) => ({ ...one })) ?? [],
      pcie: observation ? { speed: observation.pcie.speed, width: observation.pcie.width, aer: observation.pcie.aer } : null,
      rates: this.#rates(device, known?.interface ?? null),
      log: this.#log.slice(-autopsyLimits.logLines).map(({ timeUs, level, text }) => ({ atSeconds: Number(timeUs) / 1e6, level, text })),
    };
  }

  #ring(ring: RingSnapshot, atSeconds: number): void {
    const key = `${ring.device} ${ring.kind} ${ring.index}`;
    const kept = this.#rings.get(key);
    const positions = { atSeconds, ...ring.after };
    // A ring that was set up anew has positions of its own.
    if (!kept || kept.newest.generation !== ring.generation) {
      this.#rings.set(key, { newest: ring, history: [positions] });
      return;
    }
    kept.newest = ring;
    kept.history.push(positions);
    // Cut now and then, not with each.
    if (kept.history.length > autopsyLimits.positions * 2) kept.history = kept.history.slice(-autopsyLimits.positions);
  }

  #count({ vectors: { device, vectors }, atSeconds }: Extract<Fact, { kind: 'vectors' }>): void {
    const known = this.#vectors.get(device) ?? new Map<number, FrozenVector>();
    this.#vectors.set(device, known);
    for (const { vector, irq, roles, queue, handled, spurious, polls, exhausted } of vectors) {
      const reading = {
        atSeconds,
        handled: Number(handled),
        spurious: Number(spurious),
        polls: Number(polls),
        exhausted: exhausted === null ? null : Number(exhausted),
      };
      const before = known.get(vector)?.history ?? [];
      // Counts that went back belong to another life of the driver.
      const history = (before.at(-1)?.handled ?? 0) > reading.handled ? [reading] : within([...before, reading], autopsyLimits.vectors);
      known.set(vector, { vector, irq, roles: [...roles], queue, history });
    }
  }

  #rates(device: string, interfaceName: string | null): FrozenCase['rates'] {
    const last = this.#samples.at(-1);
    if (!last) return null;
    const isSame = ({ sample, table }: { sample: Sample; table: EventOf<'table'> }) =>
      table.tableId === last.table.tableId && Number(last.sample.timeNs - sample.timeNs) / 1e9 <= autopsyLimits.seconds;
    const first = this.#samples.find(isSame);
    if (!first || first === last) return null;
    const { table, sample } = last;
    const seconds = Number(sample.timeNs - first.sample.timeNs) / 1e9;
    const risen = (now: BigUint64Array, before: BigUint64Array, row: number) => {
      let sum = 0;
      for (let at = row * sample.cpuCount; at < (row + 1) * sample.cpuCount; at += 1) sum += Number((now[at] ?? 0n) - (before[at] ?? 0n));
      return Math.max(0, sum) / seconds;
    };
    return {
      fromSeconds: secondsOfNs(first.sample.timeNs),
      toSeconds: secondsOfNs(sample.timeNs),
      interrupts: table.vectors.flatMap(({ irq, name, device: of }, row) =>
        of === device ? [{ irq, name, perSecond: risen(sample.vectors, first.sample.vectors, row) }] : [],
      ),
      softirqs: table.softirqs.map((name, row) => ({ name, perSecond: risen(sample.softirqs, first.sample.softirqs, row) })),
      counters: table.counters.flatMap(({ source, interface: of, name }, row) =>
        of === interfaceName
          ? [
              {
                name: `${source} ${name}`,
                value: Number(sample.counters[row] ?? 0n),
                by: Number((sample.counters[row] ?? 0n) - (first.sample.counters[row] ?? 0n)),
              },
            ]
          : [],
      ),
    };
  }
}

function frozenRing({ newest, history }: KeptRing): FrozenRing {
  const count = newest.descriptorCount;
  const states = { hardware: 0, done: 0, free: 0, error: 0 };
  for (let index = 0; index < count; index += 1) states[rigbRings.state(newest, index)] += 1;
  const pending = pendingWork(newest);
  // What waits, and what lies just before it.
  const first = (pending?.at ?? newest.after.nextToClean) - autopsyLimits.descriptors / 4;
  const shown = Math.min(autopsyLimits.descriptors, count);
  return {
    kind: newest.kind,
    index: newest.index,
    isRunning: newest.isRunning,
    isFromCard: newest.isFromCard,
    descriptorCount: count,
    generation: String(newest.generation),
    history: within(history, autopsyLimits.positions),
    pending: pending && { ...pending },
    states,
    descriptors: Array.from({ length: shown }, (_, step) => {
      const index = (((first + step) % count) + count) % count;
      return { index, raw: descriptorHex(newest, index), state: rigbRings.state(newest, index) };
    }),
  };
}
