// The far end of an agent's pipe, spoken by a recording: it answers as the agent did, tells what was recorded, and changes nothing.
import { type Duplex, duplexPair } from 'node:stream';
import { encodeFrame, FrameDecoder, type Stream, streams } from '#common/frame.ts';
import { agentVerbs, protocolVersion, type Refusal, request } from '#common/protocol.ts';
import { encodeUtf8 } from '#common/text.ts';
import { decodeControl } from '../agent/control-message.ts';
import type { ToldFrame } from './state-at.ts';

/** What the recording answers with. */
export interface RecordedAgentDesk {
  /** Told before the reply to `hello`: the whole state at the instant that is shown. */
  readonly state: readonly ToldFrame[];
  /** The newest snapshot of a thing at the instant that is shown. */
  snapshot(device: string, what: string): Promise<ToldFrame | null>;
}

const readOnly: Refusal = {
  code: 'not-available',
  message: 'This is a recording.',
  remedy: 'Inspect the lab or this machine to change something.',
};

// What asks to be told more often, and needs nothing done: what was recorded is told as it comes due.
const looking: ReadonlySet<string> = new Set(['sample', 'cost', 'observe', 'trace']);

/** One pipe's agent. `pipe` is the end for the session. */
export class RecordedAgent {
  readonly pipe: Duplex;
  readonly #far: Duplex;
  readonly #desk: RecordedAgentDesk;
  readonly #decoder = new FrameDecoder();
  readonly #next = new Map<Stream, number>();
  #isGreeted = false;

  constructor(desk: RecordedAgentDesk) {
    this.#desk = desk;
    [this.pipe, this.#far] = duplexPair();
    // The session drops a pipe when it has another; nobody is there to be told.
    this.#far.on('error', () => undefined);
    this.pipe.on('error', () => undefined);
    this.pipe.once('close', () => this.#far.destroy());
    this.#far.on('data', (chunk: Uint8Array) => {
      for (const event of this.#decoder.push(chunk)) if (event.type === 'frame') void this.#take(event.frame.payload);
    });
  }

  /** Sends frames, once it has been greeted. */
  tell(frames: readonly ToldFrame[]): void {
    if (!this.#isGreeted || frames.length === 0 || this.#far.destroyed || !this.#far.writable) return;
    this.#far.write(Buffer.concat(frames.map((frame) => this.#frame(frame))));
  }

  end(): void {
    this.#far.destroy();
    this.pipe.destroy();
  }

  #frame({ stream, payload }: ToldFrame): Uint8Array {
    const sequence = this.#next.get(stream) ?? 0;
    this.#next.set(stream, (sequence + 1) >>> 0);
    return encodeFrame({ stream, sequence, payload });
  }

  async #take(payload: Uint8Array): Promise<void> {
    const json = decodeControl(payload);
    const asked = json.ok ? request.safeParse(json.value) : null;
    if (!asked?.success) return;
    const { id, verb, arguments: args } = asked.data;
    const refusal = await this.#serve(verb, args);
    const reply = refusal ? { type: 'reply', id, ok: false, error: refusal } : { type: 'reply', id, ok: true };
    this.tell([{ stream: streams.control, payload: encodeUtf8(JSON.stringify(reply)) }]);
  }

  async #serve(verb: string, args: Record<string, unknown>): Promise<Refusal | null> {
    if (verb === 'hello') {
      if (args.protocol !== protocolVersion)
        return { code: 'protocol-mismatch', message: `This recording is told in protocol ${protocolVersion}.` };
      this.#isGreeted = true;
      this.tell(this.#desk.state);
      return null;
    }
    if (looking.has(verb)) return null;
    if (verb !== 'watch' && verb !== 'read') return readOnly;
    const wanted = agentVerbs.read.safeParse({ device: args.device, what: args.what });
    if (!wanted.success) return { code: 'bad-arguments', message: `\`${verb}\` cannot be done with these arguments.` };
    if (verb === 'watch' && args.hz === 0) return null;
    const { device, what } = wanted.data;
    const snapshot = await this.#desk.snapshot(device, what);
    if (snapshot) this.tell([snapshot]);
    else if (verb === 'read') return { ...readOnly, message: `This recording holds no snapshot of ${what} before this instant.` };
    return null;
  }
}
