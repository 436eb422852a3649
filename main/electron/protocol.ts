// Serves the page under app://ringscope/ from the exact list of built files.
import { protocol } from 'electron';
import { securityHeaders } from '#common/content-security-policy.ts';
import type { PageFiles } from '../node/page-files.ts';
import { isOurs, scheme } from './page-address.ts';

/** Makes the scheme a real origin with secure context. Electron demands it before `ready`. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: securityHeaders });
}

/** The answer to one request. */
export function answer(files: PageFiles, { url, method }: Pick<Request, 'url' | 'method'>): Response {
  if (!isOurs(url)) return refuse(404);
  if (method !== 'GET') return refuse(405);
  const file = files.get(new URL(url).pathname);
  if (!file) return refuse(404);
  return new Response(file.bytes, { headers: { ...securityHeaders, 'Content-Type': file.type } });
}

/** Serves from now on. */
export function servePage(files: PageFiles): void {
  protocol.handle(scheme, (request) => answer(files, request));
}
