import { afterEach, describe, expect, it } from 'vitest';
import type { Transport } from '#common/transport.ts';
import { runWebApplication, type WebApplication, type WebApplicationParts } from '../../../main/web/application.ts';
import { closingCode, enter, files, tokenOf } from './page.ts';

interface Run {
  readonly application: WebApplication;
  readonly lines: string[];
  readonly order: string[];
  readonly attached: Transport[];
  readonly windows: { path: string; address: string; end(isClosed: boolean): void }[];
}

const running: WebApplication[] = [];
afterEach(async () => {
  for (const application of running.splice(0)) {
    application.end();
    await application.ended;
  }
});

async function run(browser: WebApplicationParts['browser'], port = 0): Promise<Run> {
  const lines: string[] = [];
  const order: string[] = [];
  const attached: Transport[] = [];
  const windows: Run['windows'] = [];
  const application = await runWebApplication({
    lab: {
      session: { attach: (transport) => attached.push(transport) },
      close: async () => {
        order.push('session closed');
      },
    },
    files,
    port,
    browser,
    openWindow: (path, address) => {
      let end: (isClosed: boolean) => void = () => undefined;
      const ended = new Promise<boolean>((resolve) => {
        end = resolve;
      });
      windows.push({ path, address, end });
      return {
        ended,
        close: async () => {
          order.push('window closed');
          end(false);
        },
      };
    },
    print: (line) => lines.push(line),
  });
  running.push(application);
  return { application, lines, order, attached, windows };
}

function addressIn(line = ''): { port: number; token: string } {
  const address = line.replace('Ringscope: ', '');
  return { port: Number(new URL(address).port), token: tokenOf(address) };
}

describe('the application in a browser', () => {
  it('prints its address and nothing else without a display', async () => {
    const { lines, windows } = await run({ path: null, reason: null });
    expect(lines).toEqual([expect.stringMatching(/^Ringscope: http:\/\/127\.0\.0\.1:\d+\/#token=\S{43}$/)]);
    expect(windows).toEqual([]);
  });

  it('says why it opens no window', async () => {
    expect((await run({ path: null, reason: 'Because.' })).lines.slice(1)).toEqual(['Because.']);
  });

  it('attaches each page to the session', async () => {
    const { lines, attached } = await run({ path: null, reason: null });
    const { port, token } = addressIn(lines[0]);
    await enter(port, token);
    expect(attached).toHaveLength(1);
  });

  it('opens a window with the printed address and ends when that window was closed', async () => {
    const { application, lines, windows, order } = await run({ path: '/usr/bin/chromium' });
    const [window] = windows;
    expect(lines).toEqual([`Ringscope: ${window?.address}`]);
    const { port, token } = addressIn(lines[0]);
    const { socket } = await enter(port, token);
    socket.close();
    await closingCode(socket);
    window?.end(true);
    await application.ended;
    expect(order).toEqual(['window closed', 'session closed']);
  });

  it('stays when the browser cannot open its window, and says so', async () => {
    const { lines, windows, attached } = await run({ path: '/usr/bin/chromium' });
    windows[0]?.end(false);
    await Promise.resolve();
    expect(lines[1]).toBe('The browser window could not be opened; open the address yourself.');
    const { port, token } = addressIn(lines[0]);
    await enter(port, token);
    expect(attached).toHaveLength(1);
  });

  it('ends the window, the pages and then the session when it is told to', async () => {
    const { application, lines, order } = await run({ path: '/usr/bin/chromium' });
    const { port, token } = addressIn(lines[0]);
    const { socket } = await enter(port, token);
    const code = closingCode(socket);
    application.end();
    application.end();
    await application.ended;
    expect(await code).toBe(1001);
    expect(order).toEqual(['window closed', 'session closed']);
  });

  it('ends the session when its port is taken', async () => {
    const { lines } = await run({ path: null, reason: null });
    const closed: string[] = [];
    const lab = { session: { attach: () => undefined }, close: async () => void closed.push('session closed') };
    const parts = { lab, files, port: addressIn(lines[0]).port, browser: { path: null, reason: null }, print: () => undefined };
    const openWindow = () => {
      throw new Error('No window belongs here.');
    };
    await expect(runWebApplication({ ...parts, openWindow })).rejects.toThrow('another program uses it');
    expect(closed).toEqual(['session closed']);
  });
});
