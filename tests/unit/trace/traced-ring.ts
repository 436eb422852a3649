// A ring whose driver writes the events that rigb writes, in the order in which rigb writes them: a test says what happens and reads the trace.

import type { TraceView } from '#common/trace/trace-view.ts';
import { type TracePoint, viewOfPoints } from '#common/trace/trace-view.ts';

const endOfPacket = 1;

/** A transmit and a receive ring of one queue pair. */
export class TracedRings {
  readonly points: TracePoint[] = [];
  readonly slots: number;
  readonly queue: number;
  nowNs = 1000;
  #txNext = 0;
  #txClean = 0;
  #rxNext = 0;
  #rxClean = 0;
  #sent: { last: number; descriptors: number }[] = [];
  #unposted: number[] = [];

  constructor(slots = 8, queue = 0) {
    this.slots = slots;
    this.queue = queue;
  }

  get view(): TraceView {
    return viewOfPoints(this.points);
  }

  /** Time passes. */
  wait(ns: number): void {
    this.nowNs += ns;
  }

  #say(event: TracePoint['event'], words: readonly [number, number, number], more: Partial<TracePoint> = {}): void {
    this.points.push({ event, timeNs: this.nowNs, cpu: 0, queue: this.queue, words, ...more });
  }

  /** Descriptors that can be posted. */
  get txFree(): number {
    return this.slots - 1 - ((this.#txNext - this.#txClean + this.slots) % this.slots);
  }

  /** The stack gives a frame of so many descriptors; the doorbell comes with it or with a later one. */
  send(descriptors = 1, { bytes = 60, isAnnounced = true } = {}): void {
    for (let part = 1; part <= descriptors; part += 1) {
      const isLast = part === descriptors;
      this.#say('tx_post', [this.#txNext, bytes, 0], { flags: isLast ? endOfPacket : 0, dmaAddress: 0x1000 + this.#txNext });
      if (isLast) this.#sent.push({ last: this.#txNext, descriptors });
      this.#txNext = (this.#txNext + 1) % this.slots;
    }
    if (isAnnounced) this.ring();
  }

  /** The tail is written. */
  ring(): void {
    this.#say('tx_doorbell', [this.#txNext, this.#txClean, this.txFree]);
  }

  interrupt(vector = this.queue): void {
    this.#say('irq', [27 + vector, 0, 0], { queue: vector });
  }

  /** The receive ring is filled as at its start, whose doorbell is no event. */
  fill(): void {
    for (let slot = 0; slot < this.slots - 1; slot += 1) this.#say('rx_post', [slot, 2048, 0]);
    this.#rxNext = this.slots - 1;
  }

  /** A poll that finds so many received and sent frames, and gives the buffers back. */
  poll({ received = 0, cleaned = 0, budget = 64 } = {}): void {
    for (let count = 0; count < received; count += 1) {
      this.#say('rx_done', [this.#rxClean, 64, 0], { flags: endOfPacket });
      this.#unposted.push(this.#rxNext);
      this.#rxClean = (this.#rxClean + 1) % this.slots;
      this.#rxNext = (this.#rxNext + 1) % this.slots;
    }
    this.wait(10);
    for (const slot of this.#unposted) this.#say('rx_post', [slot, 2048, 0]);
    if (this.#unposted.length > 0) this.#say('rx_refill', [this.#rxNext, this.#rxClean, this.#unposted.length]);
    this.#unposted = [];
    for (const { last, descriptors } of this.#sent.splice(0, cleaned)) {
      this.#say('tx_done', [last, 60 * descriptors, 1]);
      this.#txClean = (last + 1) % this.slots;
    }
    this.wait(10);
    this.#say('poll', [received, cleaned, budget], { flags: received < budget ? 1 : 0 });
  }
}
