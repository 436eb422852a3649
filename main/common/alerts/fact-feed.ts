// Facts out of what a session tells: events and bulk frames as they come over the wire or out of a recording.
import type { FactContent } from '#common/alerts/fact.ts';
import { streams } from '#common/frame.ts';
import { readLogBatch } from '#common/layouts/log-batch.ts';
import { readSample } from '#common/layouts/sample.ts';
import { readRingSnapshot, readVectorsSnapshot } from '#common/layouts/snapshot.ts';
import type { EventOf, SessionEvent } from '#common/protocol.ts';

/** The gap that lost log records make. */
export const lostRecords = (count: number): FactContent => ({
  kind: 'gap',
  count,
  what: 'lost log records',
  text: `${count} log records were overwritten in the kernel before they could be read.`,
});

/** The gap that lost samples make; the agent tells of those of the last second. */
const lostSamples = (count: number): FactContent => ({
  kind: 'gap',
  count,
  what: 'lost samples',
  text: `${count} samples or snapshots could not be told in time.`,
});

/** Keeps the table that names the rows of samples, and the boot. */
export class FactFeed {
  #table: EventOf<'table'> | null = null;
  #bootTime: string | null = null;
  #hasLog = false;
  readonly #dropped = new Map<number, number>();

  /** What an event tells. */
  event(event: SessionEvent): readonly FactContent[] {
    switch (event.type) {
      case 'hello': {
        const isOther = this.#bootTime !== null && this.#bootTime !== event.bootTimeUnixNs;
        this.#bootTime = event.bootTimeUnixNs;
        return isOther ? [{ kind: 'restart' }] : [];
      }
      case 'table':
        this.#table = event;
        return [];
      case 'devices':
        return [{ kind: 'devices', devices: event.devices }];
      case 'module':
        return [{ kind: 'module', module: event }];
      case 'observation':
        return [{ kind: 'observation', observation: event }];
      case 'cost':
        return event.samplesLost > 0 ? [lostSamples(event.samplesLost)] : [];
      case 'dropped':
        return this.#notPassedOn(event);
      default:
        return [];
    }
  }

  /** What a bulk frame tells; one that cannot be read tells of a gap. */
  bulk(stream: number, payload: Uint8Array): readonly FactContent[] {
    if (stream === streams.sample) {
      const sample = readSample(payload);
      if (!sample.ok) return [unreadable(sample.error)];
      const table = this.#table;
      return table && table.tableId === sample.value.tableId ? [{ kind: 'sample', sample: sample.value, table }] : [];
    }
    if (stream === streams.ring) {
      const ring = readRingSnapshot(payload);
      return [ring.ok ? { kind: 'ring', ring: ring.value } : unreadable(ring.error)];
    }
    if (stream === streams.vectors) {
      const vectors = readVectorsSnapshot(payload);
      return [vectors.ok ? { kind: 'vectors', vectors: vectors.value } : unreadable(vectors.error)];
    }
    if (stream !== streams.log) return [];
    const batch = readLogBatch(payload);
    if (!batch.ok) return [unreadable(batch.error)];
    const records = batch.value.records.map((record): FactContent => ({ kind: 'log', record }));
    // What the first batch lacks was overwritten before anybody looked.
    const isFirst = !this.#hasLog;
    this.#hasLog = true;
    return batch.value.lostRecords > 0n && !isFirst ? [lostRecords(Number(batch.value.lostRecords)), ...records] : records;
  }

  // The counts only grow. Snapshots that were replaced by newer ones are no loss.
  #notPassedOn({ stream, frames, records }: EventOf<'dropped'>): readonly FactContent[] {
    if (stream !== streams.log && stream !== streams.sample) return [];
    const count = frames + records - (this.#dropped.get(stream) ?? 0);
    this.#dropped.set(stream, frames + records);
    if (count <= 0) return [];
    const what = stream === streams.log ? 'log records' : 'samples';
    const words = count === 1 ? `1 ${what.slice(0, -1)} was` : `${count} ${what} were`;
    return [{ kind: 'gap', count, what: `dropped ${what}`, text: `${words} left out because the window took them too slowly.` }];
  }
}

const unreadable = (text: string): FactContent => ({
  kind: 'gap',
  count: 1,
  what: 'unreadable frames',
  text: `A frame could not be read: ${text}.`,
});
