// One window or command line: its requests are checked here, what it gets goes through its outbox.
import { FrameDecoder, type FrameEvent, headerBytes, streams } from '#common/frame.ts';
import {
  type AgentVerb,
  type Arguments,
  agentVerbs,
  type EventOf,
  type Refusal,
  request,
  type SessionVerb,
  sessionVerbs,
} from '#common/protocol.ts';
import type { Result } from '#common/result.ts';
import type { Transport } from '#common/transport.ts';
import { issueOf } from '../agent/control-channel.ts';
import { decodeControl, fatalFault, gapFault, type WireFault } from '../agent/control-message.ts';
import { Outbox } from './outbox.ts';

/** A request whose arguments fit its verb. */
export type CheckedRequest = {
  [V in AgentVerb | SessionVerb]: { readonly verb: V; readonly arguments: Arguments<V> };
}[AgentVerb | SessionVerb];

/** What whoever attached a client hears of it beside the wire. */
export interface ClientListeners {
  /** A file that this client had made of a recording is whole. */
  onExported?(exported: EventOf<'exported'>): void;
}

/** What a client needs of its session. */
export interface ClientDesk {
  /** The client said hello (anew): its watches end, and it is told everything after the reply. */
  greet(client: Client, hello: Arguments<'hello'>): Result<void, Refusal>;
  /** Called after the reply to `hello` went out. */
  welcome(client: Client): void;
  serve(client: Client, request: CheckedRequest): Promise<Result<void, Refusal>>;
  leave(client: Client): void;
}

// Far more than a kept minute of everything; a client behind by this much will not come back.
const stalledBytes = 67_108_864;

const schemas = { ...agentVerbs, ...sessionVerbs };

function isVerb(verb: string): verb is keyof typeof schemas {
  return Object.hasOwn(schemas, verb);
}

/** A client of the session, on any transport. It leaves when the transport closes. */
export class Client {
  readonly outbox: Outbox;
  readonly listeners: ClientListeners;
  readonly #transport: Transport;
  readonly #desk: ClientDesk;
  #decoder = new FrameDecoder();
  #isGreeted = false;
  #hasLeft = false;

  constructor(transport: Transport, desk: ClientDesk, listeners: ClientListeners) {
    this.listeners = listeners;
    this.#transport = transport;
    this.#desk = desk;
    this.outbox = new Outbox((frame) => this.#send(frame));
    transport.onClose(() => this.#leave());
    transport.onFrame((frame) => this.#take(frame));
  }

  /** Whether it has said hello; before that it is told nothing but why it is refused. */
  get isGreeted(): boolean {
    return this.#isGreeted && !this.#hasLeft;
  }

  close(): void {
    this.#transport.close();
    this.#leave();
  }

  #send(frame: Uint8Array): void {
    if (this.#hasLeft) return;
    this.#transport.send(frame);
    if (this.#transport.bufferedBytes > stalledBytes) this.close();
  }

  #leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#desk.leave(this);
  }

  #take(frame: Uint8Array): void {
    if (this.#hasLeft) return;
    const events: FrameEvent[] = this.#decoder.push(frame);
    // A transport carries whole frames; the rest of one will never come.
    const isWhole =
      frame.length >= headerBytes && headerBytes + new DataView(frame.buffer, frame.byteOffset).getUint32(0, true) === frame.length;
    if (events.length === 0 && !isWhole) events.push({ type: 'error', error: 'truncated' });
    for (const event of events) {
      if (event.type === 'error') {
        this.#report(fatalFault(event.error));
        this.close();
        return;
      }
      if (event.type === 'sequence-gap') this.#report(gapFault(event.stream, event.expected, event.actual));
      else if (event.frame.stream === streams.control) this.#takeControl(event.frame.payload);
      else this.#report({ name: 'bad-message', detail: `A client sends requests only, and this came on stream ${event.frame.stream}.` });
    }
  }

  #takeControl(payload: Uint8Array): void {
    const json = decodeControl(payload);
    if (!json.ok) {
      this.#report(json.error);
      return;
    }
    const parsed = request.safeParse(json.value);
    if (!parsed.success) {
      this.#report({ name: 'bad-message', detail: `A request fits no schema: ${issueOf(parsed.error)}.` });
      return;
    }
    const { id, verb } = parsed.data;
    const refuse = (error: Refusal) => this.#reply(id, { ok: false, error });
    if (!this.#isGreeted && verb !== 'hello') {
      refuse({ code: 'hello-first', message: 'The first request must be `hello`.' });
      return;
    }
    if (!isVerb(verb)) {
      refuse({ code: 'unknown-verb', message: `There is no verb \`${verb}\`.` });
      return;
    }
    const checked = schemas[verb].safeParse(parsed.data.arguments);
    if (!checked.success)
      refuse({ code: 'bad-arguments', message: `\`${verb}\` cannot be done with these arguments: ${issueOf(checked.error)}.` });
    else this.#serve(id, { verb, arguments: checked.data } as CheckedRequest);
  }

  #serve(id: number, checked: CheckedRequest): void {
    if (checked.verb === 'hello') {
      this.#hello(id, checked.arguments);
    } else if (checked.verb === 'acknowledge') {
      this.outbox.acknowledge(checked.arguments.stream, checked.arguments.sequence);
    } else {
      this.#desk.serve(this, checked).then(
        (answer) => this.#reply(id, answer),
        (error: unknown) => this.#reply(id, { ok: false, error: { code: 'failed', message: String(error) } }),
      );
    }
  }

  #hello(id: number, hello: Arguments<'hello'>): void {
    const answer = this.#desk.greet(this, hello);
    this.outbox.restart();
    this.#isGreeted = answer.ok;
    this.#reply(id, answer);
    if (answer.ok) this.#desk.welcome(this);
  }

  #reply(id: number, answer: Result<void, Refusal>): void {
    this.outbox.control(answer.ok ? { type: 'reply', id, ok: true } : { type: 'reply', id, ok: false, error: answer.error });
  }

  #report(fault: WireFault): void {
    this.outbox.control(faultNotice(fault));
  }
}

/** A fault on a pipe, as everyone is told of it. */
export function faultNotice({ name, detail }: WireFault): EventOf<'notice'> {
  return { type: 'notice', severity: 'warning', code: name, text: detail };
}
