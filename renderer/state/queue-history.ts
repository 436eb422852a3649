// How full each ring was and how fast each queue went, as curves outside React, and what interrupt vectors counted a second ago.
import { ownCounters } from '#common/interrupts/queue-counters.ts';
import { queueKey } from '#common/interrupts/served-queues.ts';
import type { RingSnapshot, VectorsSnapshot } from '#common/layouts/snapshot.ts';
import type { ObservationEvent } from '#common/protocol/observation.ts';
import { occupancy } from '#common/rings/ring-backend.ts';
import type { FrameLoop } from './frame-loop.ts';
import { queueCount } from './queue-counts.ts';
import { ringKey } from './ring-tracker.ts';
import { rateOfSeries, Series } from './series.ts';
import type { SessionStore } from './session-store.ts';
import { Source } from './source.ts';
import { secondsOf } from './time-store.ts';

/** Points of a ring's fill level that are kept: a minute at 20 Hz. */
export const fillCapacity = 1200;
/** Points of what is counted about once a second: four minutes. */
const countCapacity = 240;

/** What a vector counted, over time. */
interface VectorSeries {
  readonly polls: Series;
  readonly spurious: Series;
  readonly handled: Series;
}

/** Rates of one vector; null before there are two snapshots. */
export interface VectorRates {
  readonly pollsPerSecond: number | null;
  readonly interruptsPerSecond: number | null;
}

interface Counted {
  readonly frames: Series;
  readonly bytes: Series;
  /** Frames a second from each observation to the next. */
  readonly framesPerSecond: Series;
}

/** All devices' queues. Fed by the model with every snapshot, by the session with every observation. */
export class QueueHistory extends Source {
  readonly #fills = new Map<string, { generation: bigint; series: Series }>();
  readonly #counted = new Map<string, Counted>();
  readonly #vectors = new Map<string, VectorSeries>();
  #standsAt: number | null = null;

  constructor(loop: FrameLoop, session: SessionStore) {
    super(loop);
    session.subscribe(({ observations, hello }, before) => {
      if (hello !== before.hello) this.clear();
      if (observations === before.observations) return;
      for (const [device, { newest }] of Object.entries(observations)) {
        if (newest !== before.observations[device]?.newest) this.#observe(newest);
      }
    });
  }

  /** Tells rates at an instant instead of the newest; null goes on. Curves are told whole. */
  standAt(seconds: number | null): void {
    if (this.#standsAt === seconds) return;
    this.#standsAt = seconds;
    this.shownOtherwise();
  }

  /** Takes a ring's fill level. A ring that was set up anew begins a new curve. */
  addRing(snapshot: RingSnapshot): void {
    const key = ringKey(snapshot.device, snapshot.kind, snapshot.index);
    let fill = this.#fills.get(key);
    if (fill?.generation !== snapshot.generation) {
      fill = { generation: snapshot.generation, series: new Series(fillCapacity) };
      this.#fills.set(key, fill);
    }
    if (snapshot.descriptorCount > 0)
      fill.series.push(secondsOf(snapshot.timeAfterNs), occupancy(snapshot.after, snapshot.descriptorCount));
    this.changed();
  }

  /** Takes what vectors have counted. */
  addVectors(snapshot: VectorsSnapshot): void {
    const seconds = secondsOf(snapshot.timeAfterNs);
    for (const { irq, polls, spurious, handled } of snapshot.vectors) {
      const key = `${snapshot.device} ${irq}`;
      const series = this.#vectors.get(key) ?? {
        polls: new Series(countCapacity),
        spurious: new Series(countCapacity),
        handled: new Series(countCapacity),
      };
      this.#vectors.set(key, series);
      series.polls.push(seconds, Number(polls));
      series.spurious.push(seconds, Number(spurious));
      series.handled.push(seconds, Number(handled));
    }
    this.changed();
  }

  /** Descriptors in [next_to_clean, next_to_use) over time. */
  fill(device: string, kind: 'rx' | 'tx', index: number): Series | null {
    return this.#fills.get(ringKey(device, kind, index))?.series ?? null;
  }

  /** Frames a second of a queue over time; null where nobody counts them by queue. */
  framesPerSecond(device: string, kind: 'rx' | 'tx', index: number): Series | null {
    return this.#counted.get(ringKey(device, kind, index))?.framesPerSecond ?? null;
  }

  /** How fast a queue went last; null where nobody counts by queue, or before there are two observations. */
  rates(device: string, kind: 'rx' | 'tx', index: number): { readonly frames: number | null; readonly bytes: number | null } {
    const counted = this.#counted.get(ringKey(device, kind, index));
    // Between two observations, not over a second: that is how often they come.
    return {
      frames: counted ? rateOfSeries(counted.frames, 0, this.#standsAt) : null,
      bytes: counted ? rateOfSeries(counted.bytes, 0, this.#standsAt) : null,
    };
  }

  /** Frames a second of a queue over a longer time; null as above. */
  framesOver(device: string, kind: 'rx' | 'tx', index: number, seconds: number): number | null {
    const counted = this.#counted.get(ringKey(device, kind, index));
    return counted ? rateOfSeries(counted.frames, seconds, this.#standsAt) : null;
  }

  /** How fast a vector went over about the last second. */
  vectorRates(device: string, irq: number): VectorRates {
    const series = this.#vectors.get(`${device} ${irq}`);
    return {
      pollsPerSecond: series ? rateOfSeries(series.polls, 1, this.#standsAt) : null,
      interruptsPerSecond: series ? rateOfSeries(series.handled, 1, this.#standsAt) : null,
    };
  }

  /** Forgets everything: another boot, or another instant of a recording. */
  clear(): void {
    this.#fills.clear();
    this.#counted.clear();
    this.#vectors.clear();
    this.changed();
  }

  #observe(observation: ObservationEvent): void {
    const seconds = secondsOf(BigInt(observation.timeNs));
    for (const named of new Set([...observation.queueStatistics.items.map(queueKey), ...ownCounters(observation).keys()])) {
      const [kind, id] = named.split(' ') as ['rx' | 'tx', string];
      const frames = queueCount(observation, kind, Number(id), 'frames').value;
      const bytes = queueCount(observation, kind, Number(id), 'bytes').value;
      const key = ringKey(observation.device, kind, Number(id));
      const counted = this.#counted.get(key) ?? {
        frames: new Series(countCapacity),
        bytes: new Series(countCapacity),
        framesPerSecond: new Series(countCapacity),
      };
      this.#counted.set(key, counted);
      if (bytes !== null) counted.bytes.push(seconds, bytes);
      if (frames === null) continue;
      counted.frames.push(seconds, frames);
      const rate = rateOfSeries(counted.frames, 0);
      if (rate !== null) counted.framesPerSecond.push(seconds, rate);
    }
    this.changed();
  }
}
