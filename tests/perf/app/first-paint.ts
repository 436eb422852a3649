// Row: from a page's navigation to the first thing that it paints, each time a fresh web host whose guest boots meanwhile, a fresh page, and nothing in the browser's caches.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium } from 'playwright-core';
import { chromiumPath } from '../../support/running-application.ts';
import { percentile } from '../report.ts';
import type { BenchRow } from './row.ts';

const program = join(import.meta.dirname, '../../../out/main/web.js');
const starts = 7;

interface Start {
  /** Until the process has said its address. */
  readonly addressMs: number;
  /** How much of that its main thread ran; the rest it waited, above all for a processor. NaN where the kernel does not say. */
  readonly ranMs: number;
  /** From the page's navigation to its first content. */
  readonly paintMs: number;
}

/** What the process's main thread has run so far, in milliseconds. */
function ranMs(processId: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${processId}/schedstat`, 'utf8').split(' ', 1)[0]) / 1e6;
  } catch {
    return Number.NaN;
  }
}

/** Starts the host as `npm start` does, with the lab as its target: the guest boots beside it. */
async function coldStart(browser: Browser): Promise<Start> {
  const folder = mkdtempSync(join(tmpdir(), 'ringscope-bench-'));
  const begun = performance.now();
  const child = spawn(process.execPath, [program], {
    env: { ...process.env, XDG_RUNTIME_DIR: folder, RINGSCOPE_NO_WINDOW: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(() => {
      const painted = new Promise<number>((resolve) => {
        new PerformanceObserver((list) => {
          const first = list.getEntries().find(({ name }) => name === 'first-contentful-paint');
          if (first) resolve(first.startTime);
        }).observe({ type: 'paint', buffered: true });
      });
      Object.assign(window, { painted });
    });
    const address = await new Promise<string>((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`The web host ended with ${code} before it said its address.`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const found = /^Ringscope: (http:\S+)$/.exec(line)?.[1];
        if (found) resolve(found);
      });
    });
    const start = { addressMs: performance.now() - begun, ranMs: ranMs(child.pid) };
    await page.goto(address, { waitUntil: 'commit' });
    const paintMs = await page.evaluate(() => (window as unknown as { painted: Promise<number> }).painted);
    return { ...start, paintMs };
  } finally {
    await context.close();
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

export const firstPaint: BenchRow = {
  id: 'first-paint',
  goals: [{ row: `first paint of the web host: navigation to first content, median of ${starts}`, unit: 'ms', goal: 800, bound: 'below' }],
  async measure({ progress }) {
    const browser = await chromium.launch({ executablePath: chromiumPath(), args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
    const found: Start[] = [];
    try {
      for (let index = 0; index < starts; index += 1) {
        const start = await coldStart(browser);
        found.push(start);
        progress(
          `${start.paintMs.toFixed(0)} ms to the first paint; the process took ${start.addressMs.toFixed(0)} ms to its address and ran ${start.ranMs.toFixed(0)} ms of them`,
        );
      }
    } finally {
      await browser.close();
    }
    const middle = (of: (start: Start) => number) => percentile(found.map(of), 0.5);
    return {
      values: [middle(({ paintMs }) => paintMs)],
      note: `slowest ${percentile(
        found.map(({ paintMs }) => paintMs),
        1,
      ).toFixed(
        0,
      )} ms, while the lab's guest boots; before it, from the start of the process to its address, ${middle(({ addressMs }) => addressMs).toFixed(0)} ms, of which it ran ${middle((start) => start.ranMs).toFixed(0)} ms; both together ${middle(({ addressMs, paintMs }) => addressMs + paintMs).toFixed(0)} ms`,
    };
  },
};
