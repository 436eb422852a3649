// A window's end of a session: everything that reached it, in order, and acknowledgements only when a test paints.
import { type Frame, FrameDecoder, streams } from '#common/frame.ts';
import type { Reply, SessionEvent } from '#common/protocol.ts';
import type { Transport } from '#common/transport.ts';
import { encodeControl } from '../../main/node/agent/control-message.ts';
import { transportPair } from '../../main/node/session/memory-transport.ts';
import type { Session } from '../../main/node/session/session.ts';

/** Lets everything that is under way in memory arrive; nothing here waits for a clock. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

type Message = Reply | SessionEvent;

/** A client that is driven by a test. */
export class SessionWindow {
  readonly transport: Transport;
  readonly messages: Message[] = [];
  readonly frames: Frame[] = [];
  /** Messages by type and frames by stream, in the order of their arrival. */
  readonly order: string[] = [];
  readonly gaps: string[] = [];
  isClosed = false;
  /** Called with each bulk frame. */
  onFrame: (frame: Frame) => void = () => undefined;
  readonly #decoder = new FrameDecoder();
  #id = 0;

  constructor(transport: Transport) {
    this.transport = transport;
    transport.onClose(() => {
      this.isClosed = true;
    });
    transport.onFrame((bytes) => {
      for (const event of this.#decoder.push(bytes)) {
        if (event.type !== 'frame') this.gaps.push(event.type);
        else if (event.frame.stream === streams.control) this.#message(JSON.parse(Buffer.from(event.frame.payload).toString()) as Message);
        else {
          this.frames.push(event.frame);
          this.order.push(`stream ${event.frame.stream}`);
          this.onFrame(event.frame);
        }
      }
    });
  }

  /** Attaches a window to a session and says hello. */
  static async open(session: Session): Promise<SessionWindow> {
    const [here, there] = transportPair();
    session.attach(there);
    const window = new SessionWindow(here);
    await window.ask('hello', { protocol: 1, application: 'test' });
    return window;
  }

  /** Sends a request and gives its reply, if one came. */
  async ask(verb: string, args: object = {}): Promise<Reply | undefined> {
    const id = this.send(verb, args);
    await settle();
    return this.messages.find((message): message is Reply => message.type === 'reply' && message.id === id);
  }

  send(verb: string, args: object): number {
    this.#id += 1;
    this.transport.send(encodeControl({ type: 'request', id: this.#id, verb, arguments: args }, this.#id - 1));
    return this.#id;
  }

  /** Acknowledges everything received so far of a stream. */
  async paint(stream: number): Promise<void> {
    const newest = this.of(stream).at(-1);
    if (newest) this.send('acknowledge', { stream, sequence: newest.sequence });
    await settle();
  }

  of(stream: number): Frame[] {
    return this.frames.filter((frame) => frame.stream === stream);
  }

  event<T extends SessionEvent['type']>(type: T): Extract<SessionEvent, { type: T }> | undefined {
    return this.messages.filter((message): message is Extract<SessionEvent, { type: T }> => message.type === type).at(-1);
  }

  #message(message: Message): void {
    this.messages.push(message);
    this.order.push(message.type);
  }
}
