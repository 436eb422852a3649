// Answers page requests from the exact list of built files.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { securityHeaders } from '#common/content-security-policy.ts';
import type { PageFiles } from '../node/page-files.ts';

function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { ...securityHeaders, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(sentence);
}

/** Answers one request whose host was already checked. */
export function serveFile(files: PageFiles, request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    refuse(response, 405, 'Only GET and HEAD are answered.\n');
    return;
  }
  // The path is compared as it was sent: an encoded or dotted spelling of a file is simply not in the list.
  const [path = ''] = (request.url ?? '').split('?', 1);
  const file = files.get(path);
  if (!file) {
    refuse(response, 404, 'There is no such file.\n');
    return;
  }
  // Nothing is cached: the port differs from start to start, and another application may own it tomorrow.
  response.writeHead(200, {
    ...securityHeaders,
    'Content-Type': file.type,
    'Content-Length': file.bytes.length,
    'Cache-Control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : file.bytes);
}

/** Refuses a request that names another host than ours, as a page does that was rebound to our address. */
export function refuseHost(response: ServerResponse): void {
  refuse(response, 421, 'This server answers to its loopback address only.\n');
}
