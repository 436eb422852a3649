// The client's side of one pipe, whatever carries it: requests find their replies, events and bulk frames find their listeners, faults get their names.
import type { z } from 'zod';
import { type Frame, type FrameEvent, streams } from '#common/frame.ts';
import { type Refusal, reply } from '#common/protocol.ts';
import { err, ok, type Result } from '#common/result.ts';
import type { Unsubscribe } from '#common/transport.ts';
import { decodeControl, encodeControl, fatalFault, gapFault, type WireFault } from './control-message.ts';
import { Listeners } from './listeners.ts';

interface Outstanding {
  readonly settle: (answer: Result<void, Refusal>) => void;
  readonly limit: NodeJS.Timeout;
}

/** How a channel sends, and which events its peer may tell. */
export interface ControlChannelOptions<E> {
  readonly send: (frame: Uint8Array) => void;
  readonly events: z.ZodType<E>;
  /** The peer's name in sentences, such as `The agent`. */
  readonly peer: string;
}

/** Requests, replies, events and bulk frames of one pipe. Never throws for what the peer sends. */
export class ControlChannel<E> {
  readonly #options: ControlChannelOptions<E>;
  readonly #outstanding = new Map<number, Outstanding>();
  readonly #events = new Listeners<E>();
  readonly #bulk = new Listeners<Frame>();
  readonly #faults = new Listeners<WireFault>();
  #sequence = 0;
  #lastId = 0;
  #endedBecause: string | null = null;

  constructor(options: ControlChannelOptions<E>) {
    this.#options = options;
  }

  /** Asks the peer. No answer within `limitMs`, and a pipe that has ended, are refusals too (`failed`, `target-not-live`). */
  request(verb: string, args: object, limitMs: number): Promise<Result<void, Refusal>> {
    if (this.#endedBecause !== null) return Promise.resolve(err(this.#endOf(verb)));
    return new Promise((settle) => {
      const id = this.#nextId();
      const limit = setTimeout(() => {
        this.#outstanding.delete(id);
        settle(err({ code: 'failed', message: `${this.#options.peer} did not answer \`${verb}\` within ${limitMs / 1000} s.` }));
      }, limitMs);
      // Known before it is sent: a pipe within the process may bring the answer before `send` returns.
      this.#outstanding.set(id, { settle, limit });
      this.#post(id, verb, args);
    });
  }

  /** Sends a request that is answered by nothing. */
  tell(verb: string, args: object): void {
    if (this.#endedBecause === null) this.#post(this.#nextId(), verb, args);
  }

  /** Takes what a frame decoder handed out. Returns false once the framing is lost. */
  take(events: readonly FrameEvent[]): boolean {
    for (const event of events) {
      if (event.type === 'error') {
        this.#faults.call(fatalFault(event.error));
        return false;
      }
      if (event.type === 'sequence-gap') this.#faults.call(gapFault(event.stream, event.expected, event.actual));
      else if (event.frame.stream === streams.control) this.#takeControl(event.frame.payload);
      else this.#bulk.call(event.frame);
    }
    return true;
  }

  /** The pipe is gone: every outstanding request is refused. `reason` is a sentence. */
  end(reason: string): void {
    if (this.#endedBecause !== null) return;
    this.#endedBecause = reason;
    for (const { settle, limit } of this.#outstanding.values()) {
      clearTimeout(limit);
      settle(err(this.#endOf('the request')));
    }
    this.#outstanding.clear();
  }

  onEvent(listener: (event: E) => void): Unsubscribe {
    return this.#events.add(listener);
  }

  /** Frames of every stream but control, as they came. */
  onBulk(listener: (frame: Frame) => void): Unsubscribe {
    return this.#bulk.add(listener);
  }

  onFault(listener: (fault: WireFault) => void): Unsubscribe {
    return this.#faults.add(listener);
  }

  #nextId(): number {
    this.#lastId = (this.#lastId + 1) >>> 0;
    return this.#lastId;
  }

  #post(id: number, verb: string, args: object): void {
    this.#options.send(encodeControl({ type: 'request', id, verb, arguments: args }, this.#sequence));
    this.#sequence = (this.#sequence + 1) >>> 0;
  }

  #takeControl(payload: Uint8Array): void {
    const json = decodeControl(payload);
    if (!json.ok) {
      this.#faults.call(json.error);
      return;
    }
    if (typeof json.value === 'object' && json.value !== null && 'type' in json.value && json.value.type === 'reply') {
      this.#takeReply(json.value);
      return;
    }
    const event = this.#options.events.safeParse(json.value);
    if (event.success) this.#events.call(event.data);
    else
      this.#faults.call({
        name: 'bad-message',
        detail: `${this.#options.peer} sent an event that fits no schema: ${issueOf(event.error)}.`,
      });
  }

  #takeReply(message: object): void {
    const parsed = reply.safeParse(message);
    if (!parsed.success) {
      this.#faults.call({
        name: 'bad-message',
        detail: `${this.#options.peer} sent a reply that fits no schema: ${issueOf(parsed.error)}.`,
      });
      return;
    }
    // A reply to nothing is one that came after its limit; who asked was told already.
    const outstanding = this.#outstanding.get(parsed.data.id);
    if (!outstanding) return;
    this.#outstanding.delete(parsed.data.id);
    clearTimeout(outstanding.limit);
    outstanding.settle(parsed.data.ok ? ok(undefined) : err(parsed.data.error));
  }

  #endOf(what: string): Refusal {
    return { code: 'target-not-live', message: `${this.#endedBecause} No answer to \`${what}\` can come.` };
  }
}

/** The first thing that a schema found wrong, as `path: what`. */
export function issueOf(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return 'it fits no schema';
  return issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message;
}
