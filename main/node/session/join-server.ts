// `session.sock`: how a second process finds the running session, and how a second application finds out that one runs.
import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Transport } from '#common/transport.ts';
import { ownCommand } from '../installation.ts';
import { runtimeDirectory } from '../runtime-directory.ts';
import { DuplexTransport } from './duplex-transport.ts';

const socketName = 'session.sock';

// What was sent last is given this long to be read when the server closes.
const lingerMs = 500;

/** An open `session.sock`. */
export interface JoinServer {
  /** Ends every connection and removes the socket. */
  close(): Promise<void>;
}

/** The address of the session of this name; its directory is made, and is this user's alone. */
export function sessionSocketPath(name: string): string {
  return join(runtimeDirectory(name), socketName);
}

/** Connects to the socket, or gives null when nobody listens there. Other failures are thrown. */
function connectTo(path: string): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(null);
      else reject(error);
    });
  });
}

function listen(server: Server, path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    };
    server.once('error', onError);
    server.listen(path, () => {
      server.off('error', onError);
      resolve(true);
    });
  });
}

function inodeOf(path: string): number | null {
  return lstatSync(path, { throwIfNoEntry: false })?.ino ?? null;
}

/** The session of this name as it runs in another process, or null when none does. */
export async function joinLabSession(name = 'lab'): Promise<Transport | null> {
  const socket = await connectTo(sessionSocketPath(name));
  return socket && new DuplexTransport(socket);
}

/**
 * Opens `session.sock` (mode 0600) and hands over each connection. A socket that a dead process left behind is replaced; with a living process behind it
 * this throws an Error whose message says what runs and what to do.
 */
export async function openJoinServer(name: string, onTransport: (transport: Transport) => void): Promise<JoinServer> {
  const path = sessionSocketPath(name);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    onTransport(new DuplexTransport(socket));
  });
  if (!(await listen(server, path))) {
    const found = inodeOf(path);
    const living = await connectTo(path);
    living?.destroy();
    // Replaced only if it is still the one that nobody answered at: another process may have just done the same.
    if (!living && inodeOf(path) === found) rmSync(path, { force: true });
    if (living || !(await listen(server, path))) {
      throw new Error(
        `A Ringscope application already runs the session "${name}" (${path}). Use its window, join it with \`${ownCommand('snapshot')}\`, or close it first.`,
      );
    }
  }
  chmodSync(path, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        const insist = setTimeout(() => {
          for (const socket of sockets) socket.destroy();
        }, lingerMs);
        server.close(() => {
          clearTimeout(insist);
          resolve();
        });
        for (const socket of sockets) socket.end();
      }),
  };
}
