// Hands the page its port, and nobody else.
import { type IpcMainEvent, ipcMain, MessageChannelMain, type WebContents } from 'electron';
import type { Transport } from '#common/transport.ts';
import { connectChannel, portChannel } from './channels.ts';
import type { PageCommands } from './menu.ts';
import { isOurs } from './page-address.ts';
import { PortTransport } from './port-transport.ts';

/** The frame that asks, if it is the top frame of our own page. */
function trustedFrame({ sender, senderFrame }: IpcMainEvent, contents: WebContents) {
  if (sender !== contents || !senderFrame || senderFrame.parent !== null || !isOurs(senderFrame.url)) return null;
  return senderFrame;
}

/** Who takes what a page brings: its transport, and the commands that it offers. */
export interface PageHost {
  attach(transport: Transport): void;
  onCommands(commands: PageCommands): void;
}

/** Answers each `connect` of the page with a new port; the one before it is closed, since a page has one connection. Returns what ends it. */
export function acceptPage(contents: WebContents, { attach, onCommands }: PageHost): () => void {
  let current: Transport | null = null;
  const onConnect = (event: IpcMainEvent) => {
    const frame = trustedFrame(event, contents);
    if (!frame) return;
    current?.close();
    const { port1, port2 } = new MessageChannelMain();
    const transport = new PortTransport(port1, ({ commands }) => onCommands({ commands, run: (name) => transport.run(name) }));
    current = transport;
    attach(transport);
    frame.postMessage(portChannel, null, [port2]);
  };
  ipcMain.on(connectChannel, onConnect);
  return () => {
    ipcMain.off(connectChannel, onConnect);
    current?.close();
  };
}
