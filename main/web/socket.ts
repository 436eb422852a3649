// The first words on a socket: the page shows its token within five seconds, or the socket is closed before anything else is read from it.
import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import type { Transport } from '#common/transport.ts';
import { SocketTransport } from './socket-transport.ts';
import type { Tokens } from './tokens.ts';

/** The closing code for a missing, wrong or used token. The page shows it as final: trying again cannot help. */
export const tokenRefused = 4401;

/** How long a page may take to show its token. */
export const greetingMs = 5000;

const greeting = z.strictObject({ token: z.string().max(128) });

function tokenOf(data: RawData, isBinary: boolean): string | null {
  if (isBinary || !Buffer.isBuffer(data)) return null;
  try {
    const parsed = greeting.safeParse(JSON.parse(data.toString('utf8')));
    return parsed.success ? parsed.data.token : null;
  } catch {
    return null;
  }
}

/** Waits for the token; then answers with the next one and hands out the transport. */
export function acceptSocket(socket: WebSocket, tokens: Tokens, onOpen: (transport: Transport) => void): void {
  const refuse = () => socket.close(tokenRefused, 'token refused');
  const patience = setTimeout(refuse, greetingMs);
  socket.once('close', () => clearTimeout(patience));
  // ws reports a broken or oversized message here and closes by itself; without a listener it would end the process.
  socket.on('error', () => undefined);
  socket.once('message', (data, isBinary) => {
    clearTimeout(patience);
    const token = tokenOf(data, isBinary);
    if (token === null || !tokens.spend(token)) {
      refuse();
      return;
    }
    const transport = new SocketTransport(socket);
    socket.send(JSON.stringify({ resume: tokens.issue() }));
    onOpen(transport);
  });
}
