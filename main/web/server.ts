// The loopback server: the page's files, and one WebSocket a page. Every request is held against the exact host, every socket against the exact origin.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { headerBytes, maximumPayloadBytes } from '#common/frame.ts';
import type { Transport } from '#common/transport.ts';
import type { PageFiles } from '../node/page-files.ts';
import { isOwnUser } from './peer-user.ts';
import { acceptSocket } from './socket.ts';
import { refuseHost, serveFile } from './static-files.ts';
import { Tokens } from './tokens.ts';

/** What a server needs. */
export interface WebServerOptions {
  readonly files: PageFiles;
  /** 0 lets the kernel choose. */
  readonly port: number;
  /** Called with the transport of each page that showed its token. */
  attach(transport: Transport): void;
}

/** A running server. */
export interface WebServer extends AsyncDisposable {
  readonly port: number;
  /** A new address that opens one page. */
  newAddress(): string;
  /** Closes every page's socket and stops listening. */
  close(): Promise<void>;
}

const loopback = '127.0.0.1';

/** The hosts by which a browser of this machine may know us. A rebound name reaches our address too, but names itself. */
function ownHosts(port: number): readonly string[] {
  return [`${loopback}:${port}`, `localhost:${port}`];
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = error.code === 'EADDRINUSE' ? 'another program uses it' : error.message;
      reject(new Error(`Port ${port} of ${loopback} cannot be opened: ${reason}.`));
    });
    server.listen({ host: loopback, port }, () => resolve((server.address() as AddressInfo).port));
  });
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

/** Starts to listen on 127.0.0.1. Throws an Error with a sentence when the port is taken. */
export async function startServer({ files, port, attach }: WebServerOptions): Promise<WebServer> {
  const tokens = new Tokens();
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: headerBytes + maximumPayloadBytes, perMessageDeflate: false });
  const boundPort = await listen(server, port);
  const hosts = ownHosts(boundPort);

  server.on('request', (request, response) => {
    if (hosts.includes(request.headers.host ?? '')) serveFile(files, request, response);
    else refuseHost(response);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const { host = '', origin } = request.headers;
    socket.on('error', () => socket.destroy());
    if (!hosts.includes(host)) refuseUpgrade(socket, '421 Misdirected Request');
    else if (request.url !== '/socket') refuseUpgrade(socket, '404 Not Found');
    else if (origin !== `http://${host}` || !isOwnUser(request.socket)) refuseUpgrade(socket, '403 Forbidden');
    else sockets.handleUpgrade(request, socket, head, (accepted: WebSocket) => acceptSocket(accepted, tokens, attach));
  });

  let closing: Promise<void> | null = null;
  const close = () => {
    closing ??= stop(server, sockets);
    return closing;
  };
  return {
    port: boundPort,
    newAddress: () => `http://${loopback}:${boundPort}/#token=${tokens.issue()}`,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** How long pages get to answer the farewell. */
const farewellMs = 1000;

async function stop(server: Server, sockets: WebSocketServer): Promise<void> {
  const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  for (const socket of sockets.clients) socket.close(1001, 'Ringscope has ended');
  const timer = setTimeout(() => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
  }, farewellMs);
  await stopped;
  clearTimeout(timer);
}
