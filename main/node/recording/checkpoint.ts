// The newest of everything, as the recorder saw it: written now and then, so that a reader finds any instant without reading what lies before.
import { encodeFrame, type Frame, FrameDecoder, streams } from '#common/frame.ts';
import type { AgentEvent } from '#common/protocol.ts';
import { encodeUtf8 } from '#common/text.ts';
import { encodeControl } from '../agent/control-message.ts';
import { eventKey } from '../session/event-key.ts';
import { isOtherBoot } from '../session/intake.ts';
import { consoleCapacityBytes } from '../session/kept.ts';
import { watchedIn } from '../session/snapshot-key.ts';
import { keyOf } from '../session/watches.ts';

/** Keeps the newest event of each type (of observations, of each device), the newest snapshot of each thing and the console's tail. */
export class Checkpoint {
  readonly #events = new Map<string, AgentEvent>();
  readonly #snapshots = new Map<string, Frame>();
  #console: Uint8Array[] = [];
  #consoleBytes = 0;
  #bootTime: string | null = null;
  #clearedNs: bigint;

  /** `clearedNs` is the instant before which nothing counts. */
  constructor(clearedNs: bigint) {
    this.#clearedNs = clearedNs;
  }

  /** The instant of the newest boot that was told of; what was told before is another kernel's. */
  get clearedNs(): bigint {
    return this.#clearedNs;
  }

  /** Takes an event that came at this time; true when it told of another boot, which voids everything before. */
  event(event: AgentEvent, timeNs: bigint): boolean {
    const isOther = event.type === 'hello' && this.#bootTime !== null && isOtherBoot(this.#bootTime, event.bootTimeUnixNs);
    if (isOther) {
      this.#events.clear();
      this.#snapshots.clear();
      this.#clearedNs = timeNs;
    }
    if (event.type === 'hello') this.#bootTime = event.bootTimeUnixNs;
    this.#events.set(eventKey(event), event);
    return isOther;
  }

  snapshot(frame: Frame): void {
    const watched = watchedIn(frame);
    if (watched.ok) this.#snapshots.set(keyOf(watched.value), frame);
  }

  console(bytes: Uint8Array): void {
    this.#console.push(bytes);
    this.#consoleBytes += bytes.length;
    while (this.#consoleBytes > consoleCapacityBytes && this.#console.length > 1) this.#consoleBytes -= this.#console.shift()?.length ?? 0;
  }

  /** Everything as frames, in the order in which an agent would tell it. */
  frames(): Frame[] {
    const events = [...this.#events.values()].map((event) => ({
      stream: streams.control,
      sequence: 0,
      payload: encodeUtf8(JSON.stringify(event)),
    }));
    const tail = this.#consoleBytes > 0 ? [{ stream: streams.console, sequence: 0, payload: Buffer.concat(this.#console) }] : [];
    return [...events, ...this.#snapshots.values(), ...tail];
  }

  /** The message of the state channel. */
  encode(): Uint8Array {
    const head = encodeControl({ type: 'state', clearedUnixNs: String(this.#clearedNs) }, 0);
    return Buffer.concat([head, ...this.frames().map(({ stream, payload }) => encodeFrame({ stream, sequence: 0, payload }))]);
  }

  /** Takes a message of the state channel; null when it is none. */
  static decode(message: Uint8Array, timeNs: bigint): Checkpoint | null {
    const frames = new FrameDecoder().push(message).flatMap((event) => (event.type === 'frame' ? [event.frame] : []));
    const [head, ...rest] = frames;
    if (!head) return null;
    const { type, clearedUnixNs } = JSON.parse(Buffer.from(head.payload).toString()) as { type?: unknown; clearedUnixNs?: unknown };
    if (type !== 'state' || typeof clearedUnixNs !== 'string' || !/^\d+$/.test(clearedUnixNs)) return null;
    const checkpoint = new Checkpoint(BigInt(clearedUnixNs));
    for (const frame of rest) checkpoint.take(frame, timeNs);
    return checkpoint;
  }

  /** Takes a frame of any stream; what is neither an event nor a snapshot nor the console changes nothing. */
  take(frame: Frame, timeNs: bigint): void {
    if (frame.stream === streams.control) {
      const event = agentEventOf(frame.payload);
      if (event) this.event(event, timeNs);
    } else if (frame.stream === streams.console) this.console(frame.payload);
    else if (frame.stream !== streams.log && frame.stream !== streams.sample && frame.stream !== streams.trace) this.snapshot(frame);
  }
}

/** The session's own words in a recorded control channel. */
const sessionTypes: ReadonlySet<string> = new Set(['target', 'session', 'dropped', 'recording', 'recordings', 'replay', 'exported']);

/** A recorded control message that an agent said, or null when the session said it. Recorded messages were checked when they came. */
export function agentEventOf(payload: Uint8Array): AgentEvent | null {
  const message = JSON.parse(Buffer.from(payload).toString()) as AgentEvent;
  return sessionTypes.has(message.type) ? null : message;
}
