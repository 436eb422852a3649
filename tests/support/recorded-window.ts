// The built window in a headless Chromium on an open recording that stands still; no guest, and nothing of this machine, is in sight.
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { readPageFiles } from '../../main/node/page-files.ts';
import { RecordingTarget } from '../../main/node/recording/recording-target.ts';
import { Session } from '../../main/node/session/session.ts';
import { startServer, type WebServer } from '../../main/web/server.ts';
import { chromiumPath } from './running-application.ts';

export type Theme = 'dark' | 'light';

/** Everything that a picture depends on and a machine might choose for itself. */
const frame = {
  viewport: { width: 1280, height: 720 },
  deviceScaleFactor: 1,
  locale: 'en-GB',
  timezoneId: 'UTC',
  reducedMotion: 'reduce',
} as const;
const browserFlags = ['--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb', '--hide-scrollbars'];

/** A Chromium that draws the same wherever it has the same fonts. */
export function launchDrawing(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [...browserFlags, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])],
  });
}

/** The window on a recording. */
export class RecordedWindow implements AsyncDisposable {
  readonly page: Page;
  readonly #session: Session;
  readonly #server: WebServer;
  readonly #browser: Browser;

  private constructor(page: Page, session: Session, server: WebServer, browser: Browser) {
    this.page = page;
    this.#session = session;
    this.#server = server;
    this.#browser = browser;
  }

  /** Opens the recording; it stands at its start. Serves `out/renderer`, as `npm run build` makes it. */
  static async open(recording: string): Promise<RecordedWindow> {
    const session = new Session({
      createTarget: () => new RecordingTarget(recording, { autoplay: false }),
      first: { kind: 'recording', path: recording },
      applicationVersion: '0.0.0',
    });
    await session.start();
    const server = await startServer({
      files: await readPageFiles(join(import.meta.dirname, '../../out/renderer')),
      port: 0,
      attach: (transport) => session.attach(transport),
    });
    const browser = await launchDrawing();
    const page = await browser.newPage(frame);
    await page.goto(server.newAddress());
    return new RecordedWindow(page, session, server, browser);
  }

  /** Goes to the recording's last instant. */
  async goToEnd(): Promise<void> {
    const position = this.page.getByRole('slider', { name: 'Position in the recording' });
    await position.waitFor();
    await position.press('End');
    await this.page.waitForFunction(() => {
      const [at, of] = (document.querySelector('[data-testid="replay-position"]')?.textContent ?? '').split('/');
      return at?.trim() === of?.trim() && at !== undefined;
    });
    await position.evaluate((element) => element.blur());
  }

  async theme(theme: Theme): Promise<void> {
    await this.page.emulateMedia({ colorScheme: theme });
    await this.page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme);
  }

  async layout(name: string): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Layouts' }).getByRole('button', { name, exact: true }).click();
    await this.page.getByRole('main', { name, exact: true }).waitFor();
    await this.page.mouse.move(0, 0);
    await this.page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
    await this.#session.close();
  }
}
