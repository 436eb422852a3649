// The built page in Chromium, joined over loopback to a session that the test holds; no guest is needed.
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { readPageFiles } from '../../main/node/page-files.ts';
import { RecordingTarget } from '../../main/node/recording/recording-target.ts';
import { Session } from '../../main/node/session/session.ts';
import type { LoadPty } from '../../main/node/terminal/pty.ts';
import { startServer, type WebServer } from '../../main/web/server.ts';
import { FakeTarget } from './fake-target.ts';
import { chromiumPath } from './running-application.ts';
import type { WireAgent } from './wire-agent.ts';

declare global {
  interface Window {
    /** What the page's policy forbade, as the browser counted it. */
    readonly violations: string[];
  }
}

/** A session on a fake target whose agent is live, with its server and a page. */
export class PageOnSession implements AsyncDisposable {
  readonly session: Session;
  readonly target: FakeTarget;
  readonly agent: WireAgent;
  readonly page: Page;
  readonly #server: WebServer;
  readonly #browser: Browser;

  private constructor(session: Session, target: FakeTarget, agent: WireAgent, server: WebServer, browser: Browser, page: Page) {
    this.session = session;
    this.target = target;
    this.agent = agent;
    this.#server = server;
    this.#browser = browser;
    this.page = page;
  }

  /** Serves `out/renderer`, as `npm run build` makes it. The session opens recordings by their path. */
  static async open({ loadPty }: { loadPty?: LoadPty } = {}): Promise<PageOnSession> {
    const target = new FakeTarget();
    const session = new Session({
      createTarget: (choice) => ('path' in choice ? new RecordingTarget(choice.path) : target),
      first: { kind: 'lab' },
      applicationVersion: '9.9.9',
      ...(loadPty && { loadPty }),
    });
    await session.start();
    const agent = target.bringAgent();
    const server = await startServer({
      files: await readPageFiles(join(import.meta.dirname, '../../out/renderer')),
      port: 0,
      attach: (transport) => session.attach(transport),
    });
    const browser = await chromium.launch({ executablePath: chromiumPath(), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    // A machine that is busy with other things takes its time.
    page.setDefaultTimeout(60_000);
    await page.addInitScript(() => {
      const violations: string[] = [];
      Object.assign(window, { violations });
      document.addEventListener('securitypolicyviolation', (event) => violations.push(`${event.violatedDirective} ${event.blockedURI}`));
    });
    await page.goto(server.newAddress());
    return new PageOnSession(session, target, agent, server, browser, page);
  }

  /** Where the page can be loaded anew: an address serves once. */
  newAddress(): string {
    return this.#server.newAddress();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
    await this.session.close();
  }
}
