// MessageChannelMain over a real channel: what is sent is really cloned, and arrives later.
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { MessagePortMain } from 'electron';
import { events, strict } from './strict.ts';

type Modelled = Pick<MessagePortMain, 'start' | 'close' | 'postMessage'>;

const raw = new WeakMap<object, MessagePort>();

/** The page's end of a port that was transferred to it. */
export function pagePort(port: object): MessagePort {
  const found = raw.get(port);
  if (!found) throw new Error('Only a port of the stand-in can be transferred.');
  return found;
}

function portMain(port: MessagePort) {
  const { methods, emit } = events('MessagePortMain', ['message', 'close']);
  let isStarted = false;
  const modelled: Modelled = {
    start: () => {
      if (isStarted) throw new Error('A port is started once.');
      isStarted = true;
      port.on('message', (data) => emit('message', { data }));
      port.on('close', () => emit('close'));
    },
    close: () => port.close(),
    postMessage: (message, transfer = []) => port.postMessage(message, transfer.map(pagePort)),
  };
  const wrapped = strict('MessagePortMain', { ...methods, ...modelled });
  raw.set(wrapped, port);
  return wrapped;
}

/** Both ends, each usable as a MessagePortMain. */
export class StandInMessageChannel {
  readonly port1: ReturnType<typeof portMain>;
  readonly port2: ReturnType<typeof portMain>;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.port1 = portMain(port1);
    this.port2 = portMain(port2);
  }
}
