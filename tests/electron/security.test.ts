import type { WebContents } from 'electron';
import { describe, expect, it } from 'vitest';
import { contentSecurityPolicy } from '#common/content-security-policy.ts';
import { run } from './stand-in/run.ts';
import { Preventable } from './stand-in/strict.ts';

const contents = {} as WebContents;

describe('the page', () => {
  it('runs in the sandbox, isolated, without Node', async () => {
    const { window } = await run();
    expect(window().options.webPreferences).toEqual({
      preload: '/built/preload.cjs',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: false,
    });
  });

  it('has developer tools only when they were asked for', async () => {
    const roles = (menu: unknown) => JSON.stringify(menu).match(/toggleDevTools/g) ?? [];
    const usual = await run();
    expect(roles(usual.electron.given.menu)).toEqual([]);
    const inspected = await run({ isInspectable: true });
    expect(roles(inspected.electron.given.menu)).toHaveLength(1);
    expect(inspected.window().options.webPreferences?.devTools).toBe(true);
  });

  it('stays where it is, though it may reload', async () => {
    const { window } = await run();
    const isPrevented = (name: string, url: string) => {
      const event = new Preventable(url);
      window().emitContents(name, event);
      return event.isPrevented;
    };
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
      for (const url of [
        'https://evil.example/',
        'file:///etc/passwd',
        'app://evil/',
        'app://ringscope.evil/',
        'app://ringscope/assets/x.js',
        'javascript:0',
      ]) {
        expect(isPrevented(name, url), `${name} ${url}`).toBe(true);
      }
      expect(isPrevented(name, 'app://ringscope/')).toBe(false);
    }
  });

  it('opens no window and holds no other page', async () => {
    const { window } = await run();
    expect(window().openHandler?.({ url: 'https://evil.example/' } as never)).toEqual({ action: 'deny' });
    const event = new Preventable();
    window().emitContents('will-attach-webview', event);
    expect(event.isPrevented).toBe(true);
  });

  it('gets no permission but to copy text out, and only itself', async () => {
    const { electron } = await run();
    const { permissionRequest, permissionCheck, device } = electron.given;
    const asks = (permission: string, requestingUrl: string) => {
      const answers: boolean[] = [];
      permissionRequest?.(contents, permission as never, (isGranted) => answers.push(isGranted), { requestingUrl } as never);
      answers.push(permissionCheck?.(contents, permission as never, requestingUrl, {} as never) ?? true);
      return answers;
    };
    const denied = [
      'clipboard-read',
      'media',
      'geolocation',
      'notifications',
      'openExternal',
      'fileSystem',
      'usb',
      'hid',
      'serial',
      'fullscreen',
      'unknown',
    ];
    for (const permission of denied) expect(asks(permission, 'app://ringscope/'), permission).toEqual([false, false]);
    expect(asks('clipboard-sanitized-write', 'app://ringscope/')).toEqual([true, true]);
    expect(asks('clipboard-sanitized-write', 'https://evil.example/')).toEqual([false, false]);
    expect(device?.({} as never)).toBe(false);
  });

  it('loads nothing from anywhere else', async () => {
    const isCancelled = (electron: Awaited<ReturnType<typeof run>>['electron'], url: string) => {
      let isCancelledThere: boolean | undefined;
      electron.given.request?.({ url }, ({ cancel }) => {
        isCancelledThere = cancel;
      });
      return isCancelledThere;
    };
    const { electron } = await run();
    for (const url of [
      'https://evil.example/',
      'http://127.0.0.1:80/',
      'ws://127.0.0.1/',
      'file:///etc/passwd',
      'devtools://devtools/x.html',
      'app://evil/',
    ]) {
      expect(isCancelled(electron, url), url).toBe(true);
    }
    for (const url of ['app://ringscope/', 'app://ringscope/assets/x.js', 'data:image/png;base64,', 'blob:app://ringscope/1']) {
      expect(isCancelled(electron, url), url).toBe(false);
    }
    expect(isCancelled((await run({ isInspectable: true })).electron, 'devtools://devtools/x.html')).toBe(false);
  });

  it('saves what it made itself and nothing else', async () => {
    const { electron } = await run();
    const isPrevented = (url: string) => {
      const event = new Preventable();
      electron.emitSession('will-download', event, { getURL: () => url });
      return event.isPrevented;
    };
    expect([
      isPrevented('blob:app://ringscope/1'),
      isPrevented('https://evil.example/x'),
      isPrevented('blob:https://evil.example/1'),
    ]).toEqual([false, true, true]);
  });
});

describe('the page’s scheme', () => {
  it('serves the built files with the security headers', async () => {
    const { electron } = await run();
    const response = await electron.given.page?.(new Request('app://ringscope/'));
    expect(response?.status).toBe(200);
    expect(await response?.text()).toBe('<title>page</title>');
    expect(response?.headers.get('Content-Type')).toBe('text/html; charset=utf-8');
    expect(response?.headers.get('Content-Security-Policy')).toBe(contentSecurityPolicy);
    expect(response?.headers.get('X-Content-Type-Options')).toBe('nosniff');
  });

  it.each([
    ['GET', 'app://ringscope/../../etc/passwd', 404],
    ['GET', 'app://ringscope/%2e%2e/etc/passwd', 404],
    ['GET', 'app://ringscope//etc/passwd', 404],
    ['GET', 'app://evil/', 404],
    ['GET', 'app://ringscope:1/', 404],
    ['POST', 'app://ringscope/', 405],
  ])('answers %s %s with %i', async (method, url, status) => {
    const { electron } = await run();
    const response = await electron.given.page?.(new Request(url, { method }));
    expect(response?.status).toBe(status);
    expect(response?.headers.get('Content-Security-Policy')).toBe(contentSecurityPolicy);
  });
});
