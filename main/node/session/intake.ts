// What an agent tells is checked, kept and passed on to the clients.
import { type Frame, streams } from '#common/frame.ts';
import { readSample } from '#common/layouts/sample.ts';
import type { AgentEvent, EventOf } from '#common/protocol.ts';
import type { WireFault } from '../agent/control-message.ts';
import { type Client, faultNotice } from './client.ts';
import type { Kept } from './kept.ts';
import { splitBatch } from './log-records.ts';
import { watchedIn } from './snapshot-key.ts';
import { rawTrace } from './trace-batches.ts';
import type { TraceDesk } from './trace-desk.ts';
import type { WatchDesk } from './watch-desk.ts';
import { keyOf } from './watches.ts';

// Two readings of one boot differ by what the clock was corrected; two boots by seconds at the least.
const sameBootNs = 2_000_000_000n;

/** The way from the agent to what is kept and to the clients. */
export class Intake {
  readonly #kept: Kept;
  readonly #desk: WatchDesk;
  readonly #traceDesk: TraceDesk;
  readonly #greeted: () => Iterable<Client>;

  constructor(kept: Kept, desk: WatchDesk, traceDesk: TraceDesk, greeted: () => Iterable<Client>) {
    this.#kept = kept;
    this.#desk = desk;
    this.#traceDesk = traceDesk;
    this.#greeted = greeted;
  }

  event(event: AgentEvent): void {
    if (event.type === 'hello') this.#forgetOtherBoot(event);
    const devices = this.#kept.event('devices');
    this.#kept.addEvent(event);
    for (const client of this.#greeted()) client.outbox.control(event);
    if (event.type !== 'devices') return;
    this.#desk.devicesChanged(devices, event);
    this.#traceDesk.devicesChanged(devices, event);
  }

  /** Told to everyone as a notice. */
  fault(fault: WireFault): void {
    this.event(faultNotice(fault));
  }

  /** A frame of streams 1 to 5, 8 or 9; one that contradicts itself is reported and dropped. */
  bulk(frame: Frame): void {
    const bad = this.#take(frame);
    if (bad === null) return;
    this.fault({ name: 'bad-record', detail: `The agent sent a frame on stream ${frame.stream} that contradicts itself: ${bad}.` });
  }

  #take(frame: Frame): string | null {
    if (frame.stream === streams.log) return this.#log(frame);
    if (frame.stream === streams.sample) return this.#sample(frame);
    return frame.stream === streams.trace ? this.#trace(frame) : this.#snapshot(frame);
  }

  #trace({ payload }: Frame): string | null {
    const trace = rawTrace(payload);
    if (!trace.ok) return trace.error;
    this.#kept.addTrace(trace.value);
    const { device } = trace.value.header;
    for (const client of this.#greeted()) if (this.#traceDesk.isFor(client, device)) client.outbox.trace(trace.value);
    return null;
  }

  #log({ payload }: Frame): string | null {
    const batch = splitBatch(payload);
    if (!batch.ok) return batch.error;
    const fresh = this.#kept.addLog(batch.value);
    if (fresh.records.length === 0 && fresh.lostRecords === 0n) return null;
    for (const client of this.#greeted()) client.outbox.log(fresh);
    return null;
  }

  #sample({ payload }: Frame): string | null {
    const sample = readSample(payload);
    if (!sample.ok) return sample.error;
    this.#kept.addSample(payload);
    for (const client of this.#greeted()) client.outbox.newest(streams.sample, '', payload);
    return null;
  }

  #snapshot(frame: Frame): string | null {
    const { stream, payload } = frame;
    if (stream !== streams.ring && stream !== streams.registers && stream !== streams.vectors && stream !== streams.buffer)
      return 'an agent has nothing to say there';
    const watched = watchedIn(frame);
    if (!watched.ok) return watched.error;
    const key = keyOf(watched.value);
    if (this.#desk.isWatched(watched.value)) this.#kept.addSnapshot(key, stream, payload);
    for (const client of this.#greeted()) if (this.#desk.isFor(client, key)) client.outbox.newest(stream, key, payload);
    return null;
  }

  #forgetOtherBoot({ bootTimeUnixNs }: EventOf<'hello'>): void {
    const before = this.#kept.event('hello');
    if (!before) return;
    if (isOtherBoot(before.bootTimeUnixNs, bootTimeUnixNs)) this.#kept.clear();
  }
}

/** Whether two `bootTimeUnixNs` tell of two boots. */
export function isOtherBoot(before: string, after: string): boolean {
  const apart = BigInt(after) - BigInt(before);
  return apart > sameBootNs || apart < -sameBootNs;
}
