// A page on a running application, in a headless Chromium of its own, and what the browser says of it.
import { type CDPSession, chromium, type Page } from 'playwright-core';
import { chromiumPath } from '../../support/running-application.ts';

/** A page and the browser's own account of it. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  readonly client: CDPSession;
  /** The heap of the page's scripts and the array buffers behind it, after garbage was collected. */
  heapBytes(): Promise<number>;
}

/** Opens the address; `arguments` are Chromium's. */
export async function openPage(address: string, ...args: readonly string[]): Promise<OpenPage> {
  // As root Chromium has no sandbox; the page is our own.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: [...sandbox, ...args] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  const client = await page.context().newCDPSession(page);
  await page.goto(address);
  return {
    page,
    client,
    async heapBytes() {
      await client.send('HeapProfiler.collectGarbage');
      const usage = (await client.send('Runtime.getHeapUsage')) as {
        usedSize: number;
        embedderHeapUsedSize?: number;
        backingStorageSize?: number;
      };
      return usage.usedSize + (usage.embedderHeapUsedSize ?? 0) + (usage.backingStorageSize ?? 0);
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
