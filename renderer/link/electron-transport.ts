// Electron: the preload hands over one end of a MessageChannel, and each message is one whole frame, or names a command of the menu.
import { type CommandList, runCommand } from '#common/shell-messages.ts';
import type { Transport } from '#common/transport.ts';
import type { Dial } from './dialling.ts';
import { Listeners } from './listeners.ts';

/** What the preload exposes. */
export interface RingscopeBridge {
  connect(): void;
}

/** A command of the window that the menu can run. */
export interface MenuCommand {
  readonly name: string;
  readonly key: string | null;
  run(): void;
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

/** Tells the menu the window's commands, and runs those that are chosen there. */
export function serveMenu(port: MessagePort, commands: readonly MenuCommand[]): void {
  const list: CommandList = { type: 'commands', commands: commands.map(({ name, key }) => ({ name, key })) };
  port.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const asked = runCommand.safeParse(data);
    if (asked.success) commands.find(({ name }) => name === asked.data.name)?.run();
  });
  port.postMessage(list);
}

/** Asks the preload for a port. `commands` are what the menu offers. */
export function electronDial(bridge: RingscopeBridge, commands: () => readonly MenuCommand[]): Dial {
  return () =>
    new Promise((resolve) => {
      const onMessage = (event: MessageEvent<unknown>) => {
        const port = event.ports[0];
        if (event.source !== window || event.data !== 'ringscope-port' || !port) return;
        window.removeEventListener('message', onMessage);
        const transport = portTransport(port);
        serveMenu(port, commands());
        resolve({ type: 'open', transport });
      };
      window.addEventListener('message', onMessage);
      bridge.connect();
    });
}
