// A page as the server sees one, and what it is served: shared by the web shell's tests.
import { once } from 'node:events';
import { type IncomingHttpHeaders, request } from 'node:http';
import { WebSocket } from 'ws';
import type { PageFiles } from '../../../main/node/page-files.ts';

const text = (value: string) => new Uint8Array(Buffer.from(value));
const index = { type: 'text/html; charset=utf-8', bytes: text('<title>page</title>') };

/** A page of two files. */
export const files: PageFiles = new Map([
  ['/', index],
  ['/index.html', index],
  ['/assets/index-1.js', { type: 'text/javascript; charset=utf-8', bytes: text('export {};') }],
]);

/** One answer of the server. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Asks for a path exactly as given: nothing is normalised on the way, as a browser would. */
export function ask(port: number, path: string, { host = `127.0.0.1:${port}`, method = 'GET' } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, method, headers: { Host: host }, agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() });
    });
    outgoing.once('error', reject);
    outgoing.end();
  });
}

/** The token in an address. */
export function tokenOf(address: string): string {
  return new URLSearchParams(new URL(address).hash.slice(1)).get('token') ?? '';
}

/** How an upgrade is asked for. */
export interface Knock {
  readonly host?: string;
  readonly origin?: string | null;
  readonly path?: string;
}

/** Opens a socket as a page of ours, unless told otherwise. */
export function knock(port: number, { host = `127.0.0.1:${port}`, origin = `http://${host}`, path = '/socket' }: Knock = {}): WebSocket {
  return new WebSocket(`ws://127.0.0.1:${port}${path}`, {
    headers: { Host: host, ...(origin === null ? {} : { Origin: origin }) },
    perMessageDeflate: true,
  });
}

/** The HTTP status with which an upgrade was refused, or 101. */
export function statusOf(socket: WebSocket): Promise<number> {
  return new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.once('open', () => resolve(101));
    socket.once('unexpected-response', (_request, response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
  });
}

/** The code with which a socket closes. */
export async function closingCode(socket: WebSocket): Promise<number> {
  const [code] = await once(socket, 'close');
  return code;
}

/** The next message: text as a string, a frame as bytes. */
export async function nextMessage(socket: WebSocket): Promise<string | Uint8Array> {
  const [data, isBinary] = await once(socket, 'message');
  return isBinary ? new Uint8Array(data) : data.toString();
}

/** Opens a socket and shows a token. Resolves with the socket and the next token. */
export async function enter(port: number, token: string): Promise<{ socket: WebSocket; resume: string }> {
  const socket = knock(port);
  await once(socket, 'open');
  socket.send(JSON.stringify({ token }));
  const answer = await nextMessage(socket);
  if (typeof answer !== 'string') throw new Error('The first answer must be text.');
  return { socket, resume: JSON.parse(answer).resume };
}
