// Electron: the preload hands over one end of a MessageChannel, and each message is one whole frame.
import type { Transport } from '#common/transport.ts';
import type { Dial } from './dialling.ts';
import { Listeners } from './listeners.ts';

/** What the preload exposes. */
export interface RingscopeBridge {
  connect(): void;
}

declare global {
  interface Window {
    readonly ringscope?: RingscopeBridge;
  }
}

/** A transport over a message port. */
export function portTransport(port: MessagePort): Transport {
  const frames = new Listeners<Uint8Array>();
  const ends = new Listeners<null>();
  let isOpen = true;
  const end = () => {
    if (!isOpen) return;
    isOpen = false;
    ends.tell(null);
  };
  port.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (data instanceof Uint8Array) frames.tell(data);
    else if (data instanceof ArrayBuffer) frames.tell(new Uint8Array(data));
  });
  port.addEventListener('close', end);
  port.start();
  return {
    send: (frame) => port.postMessage(frame),
    onFrame: (listener) => frames.add(listener),
    onClose: (listener) => ends.add(() => listener()),
    bufferedBytes: 0,
    close: () => {
      port.close();
      end();
    },
  };
}

/** Asks the preload for a port. */
export function electronDial(bridge: RingscopeBridge): Dial {
  return () =>
    new Promise((resolve) => {
      const onMessage = (event: MessageEvent<unknown>) => {
        const port = event.ports[0];
        if (event.source !== window || event.data !== 'ringscope-port' || !port) return;
        window.removeEventListener('message', onMessage);
        resolve({ type: 'open', transport: portTransport(port) });
      };
      window.addEventListener('message', onMessage);
      bridge.connect();
    });
}
