// The life of a descriptor: posted, told to the card, done, and (received) given to the card anew. Every instant is the driver's: when it wrote, and when it saw.
import { completeOrStarved, traceFlags, traceKinds } from './event-kinds.ts';
import { placeAfter, type TraceView } from './trace-view.ts';

/** A ring of the device. */
export interface TracedRing {
  readonly kind: 'rx' | 'tx';
  readonly queue: number;
}

/** One life. Times are those of the view; null where the event is not there: not yet, or lost. */
export interface SlotLife {
  readonly slot: number;
  /** The descriptor was written. */
  readonly postedNs: number;
  /** The tail was written behind it, from when on the card may use it. */
  readonly doorbellNs: number | null;
  /** The driver saw that the card is done with it. */
  readonly doneNs: number | null;
  /** Of a received one: the tail was written behind its next buffer. */
  readonly refilledNs: number | null;
  /** Bytes of the buffer or, once it was received, of the frame in it; of a sent one what was posted. */
  readonly lengthBytes: number;
  /** Frames on the wire that came of it; null before it is done, and for a received one. */
  readonly frames: number | null;
  readonly flags: number;
  readonly dmaAddress: number;
  /** CPU that posted it. */
  readonly postedOnCpu: number;
  /** CPU that saw it done. */
  readonly doneOnCpu: number | null;
}

/** A life in the making. */
type Open = { -readonly [K in keyof SlotLife]: SlotLife[K] };

interface Kinds {
  readonly post: number;
  readonly doorbell: number;
  readonly done: number;
}

const kindsOf = ({ kind }: TracedRing): Kinds =>
  kind === 'rx'
    ? { post: traceKinds.rxPost, doorbell: traceKinds.rxRefill, done: traceKinds.rxDone }
    : { post: traceKinds.txPost, doorbell: traceKinds.txDoorbell, done: traceKinds.txDone };

function begin(view: TraceView, at: number): Open {
  return {
    slot: view.first(at),
    postedNs: view.timeNs(at),
    doorbellNs: null,
    doneNs: null,
    refilledNs: null,
    lengthBytes: view.second(at),
    frames: null,
    flags: view.flags(at),
    dmaAddress: view.dmaAddress(at),
    postedOnCpu: view.cpu(at),
    doneOnCpu: null,
  };
}

/** Follows every descriptor of one ring through events in the order of time. A life that ended, or whose end is missing, is handed to `onEnd`. */
class RingFollower {
  readonly #ring: TracedRing;
  readonly #kinds: Kinds;
  readonly #onEnd: (life: SlotLife) => void;
  /** By slot: the life that runs. */
  readonly #open = new Map<number, Open>();
  /** Posted since the last doorbell. */
  #unannounced: Open[] = [];
  /** Received, and posted anew since: what waits for the doorbell that gives the slot back. */
  #refilling: Open[] = [];
  /** By slot of the last descriptor: the descriptors of what the stack gave as one. */
  readonly #frames = new Map<number, Open[]>();
  #frame: Open[] = [];

  constructor(ring: TracedRing, onEnd: (life: SlotLife) => void) {
    this.#ring = ring;
    this.#kinds = kindsOf(ring);
    this.#onEnd = onEnd;
  }

  take(view: TraceView, at: number): void {
    const kind = view.kind(at);
    if (view.queue(at) !== this.#ring.queue) return;
    if (kind === this.#kinds.post) this.#post(view, at);
    else if (kind === this.#kinds.done) this.#done(view, at);
    // A refill that found no memory has posted nothing and written no tail.
    else if (kind === this.#kinds.doorbell && (this.#ring.kind === 'tx' || view.third(at) > 0)) this.#doorbell(view.timeNs(at));
  }

  /** Lives that still run, oldest first. */
  end(): void {
    const running = [...this.#open.values(), ...this.#refilling].sort((a, b) => a.postedNs - b.postedNs);
    for (const life of running) this.#onEnd(life);
  }

  #post(view: TraceView, at: number): void {
    const life = begin(view, at);
    const before = this.#open.get(life.slot);
    this.#open.set(life.slot, life);
    this.#unannounced.push(life);
    if (before) {
      if (before.doneNs !== null) this.#refilling.push(before);
      // It was posted anew though nobody saw it done: those events are lost.
      else this.#onEnd(before);
    }
    if (this.#ring.kind === 'rx') return;
    const previous = this.#frame.at(-1);
    // A frame's descriptors follow each other, around the ring's end too. If they do not, the rest of it is lost.
    if (previous && life.slot !== previous.slot + 1 && life.slot !== 0) this.#frame = [];
    this.#frame.push(life);
    if ((life.flags & traceFlags.endOfPacket) === 0) return;
    this.#frames.set(life.slot, this.#frame);
    this.#frame = [];
  }

  #doorbell(timeNs: number): void {
    // The first buffers of a ring are announced when it starts, which is no event: one that is done already was not announced by this.
    for (const life of this.#unannounced) if (life.doneNs === null) life.doorbellNs = timeNs;
    this.#unannounced = [];
    for (const life of this.#refilling) {
      life.refilledNs = timeNs;
      this.#onEnd(life);
    }
    this.#refilling = [];
  }

  #done(view: TraceView, at: number): void {
    const slot = view.first(at);
    const last = this.#open.get(slot);
    if (this.#ring.kind === 'rx') {
      if (!last || last.doneNs !== null) return;
      Object.assign(last, { doneNs: view.timeNs(at), doneOnCpu: view.cpu(at), lengthBytes: view.second(at), flags: view.flags(at) });
      return;
    }
    const lives = this.#frames.get(slot) ?? [];
    this.#frames.delete(slot);
    for (const life of lives) {
      if (this.#open.get(life.slot) !== life) continue;
      this.#open.delete(life.slot);
      Object.assign(life, { doneNs: view.timeNs(at), doneOnCpu: view.cpu(at), frames: view.third(at) });
      this.#onEnd(life);
    }
  }
}

/** Hands every life of a ring to `onLife`, those that ended in the order of their ends, then those that still run. */
export function followRing(view: TraceView, ring: TracedRing, onLife: (life: SlotLife) => void): void {
  const follower = new RingFollower(ring, onLife);
  for (let at = 0; at < view.length; at += 1) follower.take(view, at);
  follower.end();
}

/** The last `count` lives of a slot, newest first. */
export function slotLives(view: TraceView, ring: TracedRing, slot: number, count: number): SlotLife[] {
  const lives: SlotLife[] = [];
  followRing(view, ring, (life) => {
    if (life.slot === slot) lives.push(life);
  });
  return newestLives(lives, count);
}

/** The last `count` of these, newest first. */
export const newestLives = (lives: readonly SlotLife[], count: number): SlotLife[] =>
  [...lives].sort((a, b) => b.postedNs - a.postedNs).slice(0, count);

/** What brought a descriptor's end to the driver's notice. */
export interface Notice {
  /** The newest interrupt of the queue's vector before the descriptor was seen done. */
  readonly irqNs: number | null;
  /** The end of the poll that saw it. */
  readonly pollNs: number | null;
  readonly received: number | null;
  readonly cleaned: number | null;
  /** The poll ended because its budget was used up, so that the next one came without an interrupt. */
  readonly isExhausted: boolean | null;
}

/** The interrupt and the poll of the instant at which a descriptor of `queue` was seen done. */
export function noticeOf(view: TraceView, { queue, vector, doneNs }: { queue: number; vector: number; doneNs: number }): Notice {
  const end = placeAfter(view, doneNs);
  let before = end - 1;
  while (before >= 0 && (view.kind(before) !== traceKinds.irq || view.queue(before) !== vector)) before -= 1;
  const irqNs = before >= 0 ? view.timeNs(before) : null;
  // The poll's end may bear the very time of what it saw last.
  let at = end;
  while (at > 0 && view.timeNs(at - 1) === doneNs) at -= 1;
  for (; at < view.length; at += 1) {
    if (view.kind(at) !== traceKinds.poll || view.queue(at) !== queue) continue;
    const isExhausted = (view.flags(at) & completeOrStarved) === 0;
    return { irqNs, pollNs: view.timeNs(at), received: view.first(at), cleaned: view.second(at), isExhausted };
  }
  return { irqNs, pollNs: null, received: null, cleaned: null, isExhausted: null };
}
