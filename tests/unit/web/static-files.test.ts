import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentSecurityPolicy } from '#common/content-security-policy.ts';
import { readPageFiles } from '../../../main/node/page-files.ts';
import { startServer, type WebServer } from '../../../main/web/server.ts';
import { ask, files } from './page.ts';

let server: WebServer;
beforeAll(async () => {
  server = await startServer({ files, port: 0, attach: () => undefined });
});
afterAll(() => server.close());

describe('the loopback server', () => {
  it('serves the page with its type and every security header', async () => {
    const { status, headers, body } = await ask(server.port, '/');
    expect([status, body]).toEqual([200, '<title>page</title>']);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': contentSecurityPolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('allows no inline script, no frame around it and no foreign address', () => {
    const policy = Object.fromEntries(
      contentSecurityPolicy.split('; ').map((line) => [line.split(' ')[0], line.split(' ').slice(1).join(' ')]),
    );
    expect(policy).toMatchObject({ 'default-src': "'none'", 'script-src': "'self'", 'connect-src': "'self'", 'frame-ancestors': "'none'" });
    expect(contentSecurityPolicy).not.toMatch(/unsafe-eval|https?:|\*/);
  });

  it('ignores the query, and answers HEAD without a body', async () => {
    expect((await ask(server.port, '/assets/index-1.js?x=1')).headers['content-type']).toBe('text/javascript; charset=utf-8');
    const head = await ask(server.port, '/index.html', { method: 'HEAD' });
    expect([head.status, head.headers['content-length'], head.body]).toEqual([200, '19', '']);
  });

  it.each([
    '/../package.json',
    '/assets/../../package.json',
    '/%2e%2e/package.json',
    '/assets/%2e%2e/index.html',
    '//etc/passwd',
    '/assets',
    '/assets/',
    '/x',
  ])('has no file at %s', async (path) => {
    const { status, headers } = await ask(server.port, path);
    expect(status).toBe(404);
    expect(headers['content-security-policy']).toBe(contentSecurityPolicy);
  });

  it('refuses other methods', async () => {
    const { status, headers } = await ask(server.port, '/', { method: 'POST' });
    expect([status, headers.allow]).toEqual([405, 'GET, HEAD']);
  });

  it('answers to its own two names with its own port only', async () => {
    const status = async (host: string) => (await ask(server.port, '/', { host })).status;
    expect(await status(`localhost:${server.port}`)).toBe(200);
    for (const host of [
      'evil.example',
      `evil.example:${server.port}`,
      '127.0.0.1',
      'localhost',
      `127.0.0.1:${server.port + 1}`,
      `0.0.0.0:${server.port}`,
    ]) {
      expect(await status(host), host).toBe(421);
    }
  });

  it('says in words when its port is taken', async () => {
    await expect(startServer({ files, port: server.port, attach: () => undefined })).rejects.toThrow(
      `Port ${server.port} of 127.0.0.1 cannot be opened: another program uses it.`,
    );
  });
});

describe('the list of built files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringscope-page-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('says in words when the page is not built', () => {
    expect(() => readPageFiles(join(folder, 'absent'))).toThrow(/The page is not built: .* cannot be read/);
    expect(() => readPageFiles(folder)).toThrow(/The page is not built: .* has no index.html/);
  });

  it('lists regular files of known kinds, and no link', () => {
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), 'page');
    writeFileSync(join(folder, 'assets/mono.woff2'), 'font');
    writeFileSync(join(folder, 'assets/secret.pem'), 'key');
    symlinkSync('/etc/hostname', join(folder, 'assets/link.txt'));
    const found = readPageFiles(folder);
    expect([...found.keys()].sort()).toEqual(['/', '/assets/mono.woff2', '/index.html']);
    expect(found.get('/assets/mono.woff2')?.type).toBe('font/woff2');
    expect(found.get('/')).toBe(found.get('/index.html'));
  });
});
