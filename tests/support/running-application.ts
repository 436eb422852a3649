// The built application as a user starts it, in a runtime directory of its own, and a real Chromium that opens its address.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium, type Page } from 'playwright-core';

const checkout = join(import.meta.dirname, '..', '..');

function chromiumPath(): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const path = ['chromium', 'google-chrome', 'chromium-browser']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((candidate) => existsSync(candidate));
  if (!path) throw new Error('No Chromium is on PATH: `npm run setup` installs it.');
  return path;
}

/** A started application with a page on it. */
export class RunningApplication implements AsyncDisposable {
  readonly runtimeDirectory: string;
  readonly process: ChildProcess;
  readonly page: Page;
  readonly #browser: Browser;

  private constructor(runtimeDirectory: string, process_: ChildProcess, browser: Browser, page: Page) {
    this.runtimeDirectory = runtimeDirectory;
    this.process = process_;
    this.#browser = browser;
    this.page = page;
  }

  /** Starts `out/main/web.js`, with more in its environment if wanted, and opens the address that it prints. */
  static async start(environment: Readonly<Record<string, string>> = {}): Promise<RunningApplication> {
    const runtimeDirectory = mkdtempSync(join(tmpdir(), 'ringscope-e2e-'));
    const child = spawn(process.execPath, [join(checkout, 'out/main/web.js')], {
      env: { ...process.env, XDG_RUNTIME_DIR: runtimeDirectory, RINGSCOPE_NO_WINDOW: '1', ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const address = await new Promise<string>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`The application ended with ${code} before it said its address.`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const found = /^Ringscope: (http:\S+)$/.exec(line)?.[1];
        if (found) resolve(found);
      });
    });
    // As root Chromium has no sandbox; the page is our own.
    const browser = await chromium.launch({ executablePath: chromiumPath(), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.goto(address);
    return new RunningApplication(runtimeDirectory, child, browser, page);
  }

  /** Waits until the window says that the target is in this phase. */
  async phase(name: string): Promise<void> {
    await this.page.waitForFunction((wanted) => document.documentElement.dataset.phase === wanted, name, { timeout: 90_000 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const ended = once(this.process, 'exit');
      this.process.kill('SIGTERM');
      await ended;
    }
    rmSync(this.runtimeDirectory, { recursive: true, force: true });
  }
}
