// The trace events of an agent as they come, awaited by what they say.
import { streams } from '../../main/common/frame.ts';
import { readTraceBatch, type TraceBatch, type TraceRecord } from '../../main/common/layouts/trace-batch.ts';
import type { TracePoint } from '../../main/common/trace/trace-view.ts';
import type { GuestAgent } from './guest-agents.ts';

const limitMs = 60_000;

/** Everything that an agent told on stream 8 since this was made. */
export class TraceTap {
  readonly batches: TraceBatch[] = [];
  #arrived: () => void = () => undefined;

  constructor({ client }: GuestAgent) {
    client.onBulk(({ stream, payload }) => {
      if (stream !== streams.trace) return;
      const read = readTraceBatch(payload);
      if (!read.ok) throw new Error(read.error);
      this.batches.push(read.value);
      this.#arrived();
    });
  }

  get records(): TraceRecord[] {
    return this.batches.flatMap(({ records }) => records);
  }

  /** The events as the analyses read them. */
  get points(): TracePoint[] {
    return this.records.map((record) => ({ ...record, timeNs: Number(record.timeNs), dmaAddress: Number(record.dmaAddress) }));
  }

  get lostEvents(): number {
    return this.batches.reduce((sum, { lostEvents }) => sum + Number(lostEvents), 0);
  }

  of(event: TraceRecord['event']): TraceRecord[] {
    return this.records.filter((record) => record.event === event);
  }

  /** Waits until what came so far fits. */
  async until(what: string, fits: () => boolean): Promise<void> {
    const end = Date.now() + limitMs;
    const limit = setTimeout(() => this.#arrived(), limitMs);
    try {
      while (!fits()) {
        if (Date.now() >= end)
          throw new Error(`The trace did not show ${what}. It has ${this.records.length} events, ${this.lostEvents} lost.`);
        await new Promise<void>((resolve) => {
          this.#arrived = resolve;
        });
      }
    } finally {
      clearTimeout(limit);
    }
  }
}
