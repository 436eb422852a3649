// A vector in an interrupt storm: what the rule says of its rate, of the frames of its queues, and of what the driver says it found.
import { evidence, type Finding } from '#common/alerts/alert.ts';
import type { Detector, Situation } from '#common/alerts/detector.ts';
import type { Fact } from '#common/alerts/fact.ts';
import { type InterruptRate, InterruptRates } from '#common/alerts/interrupt-rates.ts';
import { FrameReadings, framesByQueue } from '#common/interrupts/frame-readings.ts';
import { queuesServed } from '#common/interrupts/served-queues.ts';
import { type StormReading, StormTrack } from '#common/interrupts/storm-rule.ts';
import type { VectorCounts } from '#common/layouts/snapshot.ts';
import type { ObservationEvent } from '#common/protocol/observation.ts';

const windowSeconds = 1;
// An observation or a count of the driver's that is older says nothing of now.
const staleSeconds = 5;

/** What is known of one device besides its rates. */
interface Known {
  readonly frames: FrameReadings;
  seen: ObservationEvent | undefined;
  vectors: readonly VectorCounts[];
  /** The driver's counts at the beginning of a window, by interrupt. */
  counted: { readonly atSeconds: number; readonly vectors: ReadonlyMap<number, VectorCounts> } | null;
  readonly spurious: Map<string, { readonly share: number; readonly atSeconds: number }>;
}

/** Needs samples; observations and snapshots of vectors add what the interrupts brought. */
export class InterruptStormDetector implements Detector {
  readonly kinds = ['sample', 'vectors', 'observation'] as const;
  readonly #rates = new InterruptRates(windowSeconds);
  readonly #devices = new Map<string, Known>();
  readonly #tracks = new Map<string, StormTrack>();
  readonly #storms = new Set<string>();
  #totals: { readonly tableId: number; readonly atSeconds: number; readonly frames: ReadonlyMap<string, number> } | null = null;

  take(fact: Fact, situation: Situation): readonly Finding[] {
    if (fact.kind === 'restart') {
      for (const kept of [this.#devices, this.#tracks, this.#storms]) kept.clear();
      this.#totals = null;
    }
    if (fact.kind === 'observation') {
      const known = this.#known(fact.observation.device);
      known.seen = fact.observation;
      known.frames.add({ seconds: fact.atSeconds, frames: framesByQueue(fact.observation) });
    }
    if (fact.kind === 'vectors') this.#count(fact);
    const rates = this.#rates.take(fact);
    if (fact.kind !== 'sample') return [];
    const total = this.#totalRates(fact, situation, rates.length > 0);
    return rates.flatMap((rate) => this.#judge(rate, total.get(rate.device) ?? null));
  }

  #known(device: string): Known {
    const known = this.#devices.get(device) ?? {
      frames: new FrameReadings(),
      seen: undefined,
      vectors: [],
      counted: null,
      spurious: new Map(),
    };
    this.#devices.set(device, known);
    return known;
  }

  /** How many of its interrupts the driver found nothing in, a figure a window. */
  #count({ vectors: { device, vectors }, atSeconds }: Extract<Fact, { kind: 'vectors' }>): void {
    const known = this.#known(device);
    known.vectors = vectors;
    const before = known.counted;
    const passed = atSeconds - (before?.atSeconds ?? 0);
    if (before && passed >= 0 && passed < windowSeconds) return;
    known.counted = { atSeconds, vectors: new Map(vectors.map((vector) => [vector.irq, vector])) };
    for (const vector of vectors) {
      const old = before?.vectors.get(vector.irq);
      const handled = Number(vector.handled - (old?.handled ?? 0n));
      if (!old || passed < 0 || handled <= 0) known.spurious.delete(String(vector.irq));
      else known.spurious.set(String(vector.irq), { share: Number(vector.spurious - old.spurious) / handled, atSeconds });
    }
  }

  /** Frames a second of each device as the kernel counts them for its interface, over the window that ends; more than any of its queues can have had. */
  #totalRates({ sample, table, atSeconds }: Extract<Fact, { kind: 'sample' }>, situation: Situation, isEnd: boolean): Map<string, number> {
    const before = this.#totals;
    const isBegun = before?.tableId === table.tableId && atSeconds >= before.atSeconds;
    const rates = new Map<string, number>();
    if (isBegun && !isEnd) return rates;
    const frames = new Map<string, number>();
    table.counters.forEach(({ source, interface: name, name: counter }, row) => {
      if (source !== 'netdev' || name === null || !['rx_packets', 'tx_packets'].includes(counter)) return;
      const device = situation.deviceOfInterface(name)?.pciAddress;
      if (device !== undefined) frames.set(device, (frames.get(device) ?? 0) + Number(sample.counters[row] ?? 0n));
    });
    this.#totals = { tableId: table.tableId, atSeconds, frames };
    if (!isBegun || !before) return rates;
    for (const [device, now] of frames) {
      const by = now - (before.frames.get(device) ?? Number.NaN);
      if (by >= 0) rates.set(device, by / (atSeconds - before.atSeconds));
    }
    return rates;
  }

  #reading({ device, irq, perSecond, fromSeconds, atSeconds }: InterruptRate, totalFrames: number | null): StormReading {
    const known = this.#devices.get(device);
    const own = known?.vectors.find((vector) => String(vector.irq) === irq);
    const queues = queuesServed(irq, own, known?.seen);
    const counted = queues && known ? known.frames.rate(queues) : null;
    const isFresh = counted !== null && atSeconds - counted.toSeconds <= staleSeconds;
    const spurious = known?.spurious.get(irq);
    return {
      fromSeconds,
      atSeconds,
      interruptsPerSecond: perSecond,
      servesQueues: queues && queues.length > 0,
      framesPerSecond: isFresh ? counted.framesPerSecond : totalFrames,
      spuriousShare: spurious && atSeconds - spurious.atSeconds <= staleSeconds ? spurious.share : null,
    };
  }

  #judge(rate: InterruptRate, totalFrames: number | null): Finding[] {
    const { device, irq, name, atSeconds } = rate;
    const key = `${device} ${irq}`;
    const about = { rule: 'interrupt-storm', device, queue: `irq ${irq}`, atSeconds } as const;
    const track = this.#tracks.get(key) ?? new StormTrack();
    this.#tracks.set(key, track);
    const reading = this.#reading(rate, totalFrames);
    const sinceSeconds = track.take(reading);
    if (sinceSeconds === null) return this.#storms.delete(key) ? [{ holds: false, ...about }] : [];
    this.#storms.add(key);
    const perSecond = Math.round(reading.interruptsPerSecond);
    const text = `${name} (IRQ ${irq}) interrupts ${perSecond.toLocaleString('en-US')} times a second${worthWords(reading)}.`;
    const numbers = [evidence('interrupts', perSecond, '/s', atSeconds)];
    if (reading.servesQueues && reading.framesPerSecond !== null)
      numbers.push(evidence('frames', Math.round(reading.framesPerSecond), '/s', atSeconds));
    if (reading.spuriousShare !== null)
      numbers.push(evidence('for nothing', Math.round(reading.spuriousShare * reading.interruptsPerSecond), '/s', atSeconds));
    return [{ holds: true, ...about, severity: 'warning', sinceSeconds, text, evidence: numbers }];
  }
}

/** What the interrupts were worth, as the end of a sentence. */
function worthWords({ servesQueues, framesPerSecond, spuriousShare, interruptsPerSecond }: StormReading): string {
  if (servesQueues === false) return ' and serves no queue';
  if (spuriousShare !== null && spuriousShare > 0) return `, ${Math.round(spuriousShare * 100)} % of that for nothing`;
  if (servesQueues && framesPerSecond !== null) return ` for ${(framesPerSecond / interruptsPerSecond).toFixed(2)} frames each`;
  return '; nobody counts its frames';
}
