// The built preload in a real page: whether the browser's own postMessage carries the port to it, under the application's policy.
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { securityHeaders } from '#common/content-security-policy.ts';
import { buildPreload } from './stand-in/preload.ts';

const executablePath = '/usr/bin/chromium';
const origin = 'https://ringscope.test';

declare global {
  interface Window {
    /** What the main process did, in this test the page itself: hands over one end of a channel and sends back what comes in. */
    answerConnect(): void;
  }
}

/** `electron` as a sandboxed preload sees it, in the page. There is one world here, not two. */
const electronInPage = `
  const listeners = new Map();
  const electron = {
    contextBridge: { exposeInMainWorld: (name, value) => { window[name] = value; } },
    ipcRenderer: { on: (channel, listener) => listeners.set(channel, listener), send: () => window.answerConnect() },
  };
  window.answerConnect = () => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => port1.postMessage(data);
    listeners.get('ringscope-port')({ ports: [port2] });
  };
  const require = (name) => { if (name === 'electron') return electron; throw new Error('cannot require ' + name); };
`;

let browser: Browser;
beforeAll(async () => {
  if (existsSync(executablePath))
    browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
});
afterAll(async () => await browser?.close());

it.skipIf(!existsSync(executablePath))('hands the page a port that carries frames both ways (needs Chromium)', async () => {
  const page = await browser.newPage();
  await page.route(`${origin}/**`, (route) =>
    route.fulfill({ contentType: 'text/html', headers: { ...securityHeaders }, body: '<!doctype html><title>page</title>' }),
  );
  await page.addInitScript(`{ ${electronInPage} (function (module, exports) { ${await buildPreload()}\n })({ exports: {} }, {}); }`);
  await page.goto(origin);
  const seen = await page.evaluate(async () => {
    const arrival = new Promise<MessageEvent>((resolve) => window.addEventListener('message', resolve, { once: true }));
    window.ringscope?.connect();
    const event = await arrival;
    const [port] = event.ports;
    if (!port) throw new Error('The message carries no port.');
    const echo = new Promise<Uint8Array>((resolve) => {
      port.onmessage = ({ data }) => resolve(data);
    });
    port.postMessage(new Uint8Array([1, 2, 3]));
    return {
      data: event.data,
      isOwn: event.source === window,
      origin: event.origin,
      echo: [...(await echo)],
      names: Object.keys(window.ringscope ?? {}),
    };
  });
  expect(seen).toEqual({ data: 'ringscope-port', isOwn: true, origin, echo: [1, 2, 3], names: ['connect'] });
});
