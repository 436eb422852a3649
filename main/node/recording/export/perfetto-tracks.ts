// The tracks of a Perfetto trace. Field numbers are those of protos/perfetto/trace in Perfetto's repository.
import { ProtobufMessage } from './protobuf.ts';

const trace = { packet: 1 } as const;
const packet = { clockSnapshot: 6, timestamp: 8, sequenceId: 10, trackEvent: 11, sequenceFlags: 13, trackDescriptor: 60 } as const;
const descriptor = { uuid: 1, name: 2, parentUuid: 5, counter: 8 } as const;
const counterDescriptor = { unit: 3 } as const;
const event = { type: 9, debugAnnotations: 4, trackUuid: 11, name: 23, counterValue: 30 } as const;
const annotation = { uintValue: 3, stringValue: 6, name: 10 } as const;
const eventTypes = { sliceBegin: 1, sliceEnd: 2, instant: 3, counter: 4 } as const;
const clocks = { realtime: 1, monotonic: 3, boottime: 6 } as const;
const sequenceId = 1;
const stateCleared = 1;

/** What Perfetto calls a counter's unit. */
export const units = { unspecified: 0, nanoseconds: 1, count: 2, bytes: 3 } as const;

/** What an event carries beside its name. */
export type Annotations = Readonly<Record<string, bigint | number | string>>;

/** Collects packets; `take` gives the bytes of those that have come since. */
export class PerfettoTracks {
  #packets: Uint8Array[] = [];
  #nextUuid = 1;
  readonly #uuids = new Map<string, number>();

  /** Says how this trace's clock, nanoseconds since boot, stands to the others. */
  clock(sinceBootNs: bigint, unixNs: bigint): void {
    const clock = (id: number, timestamp: bigint) => new ProtobufMessage().integer(1, id).integer(2, timestamp);
    const snapshot = new ProtobufMessage()
      .message(1, clock(clocks.boottime, sinceBootNs))
      .message(1, clock(clocks.monotonic, sinceBootNs))
      .message(1, clock(clocks.realtime, unixNs));
    this.#add(
      new ProtobufMessage()
        .integer(packet.timestamp, sinceBootNs)
        .integer(packet.sequenceFlags, stateCleared)
        .message(packet.clockSnapshot, snapshot),
    );
  }

  /** A named track below others, declared when it is first asked for. */
  track(...path: readonly string[]): number {
    return this.#declare(path, null);
  }

  /** A track of a counter. */
  counterTrack(unit: (typeof units)[keyof typeof units], ...path: readonly string[]): number {
    return this.#declare(path, unit);
  }

  counter(uuid: number, timeNs: bigint, value: bigint | number): void {
    this.#event(timeNs, this.#body(eventTypes.counter, uuid).integer(event.counterValue, value));
  }

  instant(uuid: number, timeNs: bigint, name: string, annotations: Annotations = {}): void {
    this.#event(timeNs, annotated(this.#body(eventTypes.instant, uuid).string(event.name, name), annotations));
  }

  slice(uuid: number, fromNs: bigint, toNs: bigint, name: string, annotations: Annotations = {}): void {
    this.#event(fromNs, annotated(this.#body(eventTypes.sliceBegin, uuid).string(event.name, name), annotations));
    this.#event(toNs, this.#body(eventTypes.sliceEnd, uuid));
  }

  /** The bytes since the last call. */
  take(): Uint8Array {
    const bytes = Buffer.concat(this.#packets);
    this.#packets = [];
    return bytes;
  }

  get count(): number {
    return this.#packets.length;
  }

  #declare(path: readonly string[], unit: number | null): number {
    const key = `${unit === null ? 'track' : 'counter'} ${path.join('\0')}`;
    const known = this.#uuids.get(key);
    if (known !== undefined) return known;
    const parent = path.length > 1 ? this.#declare(path.slice(0, -1), null) : null;
    const uuid = this.#nextUuid;
    this.#nextUuid += 1;
    this.#uuids.set(key, uuid);
    const body = new ProtobufMessage().integer(descriptor.uuid, uuid).string(descriptor.name, path.at(-1) ?? '');
    if (parent !== null) body.integer(descriptor.parentUuid, parent);
    if (unit !== null) body.message(descriptor.counter, new ProtobufMessage().integer(counterDescriptor.unit, unit));
    this.#add(new ProtobufMessage().message(packet.trackDescriptor, body));
    return uuid;
  }

  #body(type: number, uuid: number): ProtobufMessage {
    return new ProtobufMessage().integer(event.type, type).integer(event.trackUuid, uuid);
  }

  #event(timeNs: bigint, body: ProtobufMessage): void {
    this.#add(new ProtobufMessage().integer(packet.timestamp, timeNs).message(packet.trackEvent, body));
  }

  #add(message: ProtobufMessage): void {
    message.integer(packet.sequenceId, sequenceId);
    this.#packets.push(new ProtobufMessage().message(trace.packet, message).encode());
  }
}

function annotated(body: ProtobufMessage, annotations: Annotations): ProtobufMessage {
  for (const [name, value] of Object.entries(annotations)) {
    const message = new ProtobufMessage().string(annotation.name, name);
    if (typeof value === 'string') message.string(annotation.stringValue, value);
    else message.integer(annotation.uintValue, value);
    body.message(event.debugAnnotations, message);
  }
  return body;
}
