// The built application as a user starts it, in a runtime directory of its own, and a real Chromium that opens its address.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Page } from 'playwright-core';

const checkout = join(import.meta.dirname, '..', '..');

/** Chromium on PATH. */
export function chromiumPath(): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const path = ['chromium', 'google-chrome', 'chromium-browser']
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((candidate) => existsSync(candidate));
  if (!path) throw new Error('No Chromium is on PATH: `npm run setup` installs it.');
  return path;
}

/** A started application with a page on it, in whichever shell. */
export interface OpenApplication extends AsyncDisposable {
  /** Its XDG_RUNTIME_DIR. */
  readonly runtimeDirectory: string;
  readonly processId: number;
  /** Resolves when its process has ended. */
  readonly ended: Promise<void>;
  readonly page: Page;
}

/** Starts `out/main/web.js`, with more in its environment if wanted, and opens the address that it prints in Chromium. */
export async function openInBrowser(environment: Readonly<Record<string, string>> = {}): Promise<OpenApplication> {
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
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // As root Chromium has no sandbox; the page is our own.
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
  // A machine that is busy with other things takes its time.
  page.setDefaultTimeout(60_000);
  await page.goto(address);
  return {
    runtimeDirectory,
    processId: child.pid ?? 0,
    ended,
    page,
    async [Symbol.asyncDispose]() {
      await browser.close();
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await ended;
      }
      rmSync(runtimeDirectory, { recursive: true, force: true });
    },
  };
}
