// Row: from the printk in the guest to the painted row, through agent, main process, web host and page. The kernel's own time stamp is the beginning.
import { createConnection } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { AgentClient } from '../../../main/node/agent/agent-client.ts';
import { typeInGuest } from '../../support/guest-command.ts';
import { WindowPage } from '../../support/page-objects.ts';
import { openInBrowser } from '../../support/running-application.ts';
import { percentile } from '../report.ts';
import { type ClockQuestion, clockBounds } from './clock-bounds.ts';
import { wait } from './live-page.ts';
import type { BenchRow } from './row.ts';

const lines = 500;
const betweenUs = 30_000;
/** Within this, the guest's clock drifts from the machine's by less than is measured here. */
const reachMs = 3000;

/** A row as the page saw it: its text, the kernel's time, and when it had been painted by the page's clock. */
interface SeenRow {
  readonly text: string;
  readonly kernelMs: number;
  readonly paintedMs: number;
}

const now = () => performance.timeOrigin + performance.now();

/** Notes every new row of the log once the frame that it came with is painted. */
function watchRows(page: Page): Promise<void> {
  return page.evaluate(() => {
    const seen = new Map<string, SeenRow>();
    Object.assign(window, { seen });
    const list = document.querySelector('.log-rows');
    if (!list) throw new Error('The page shows no kernel log.');
    new MutationObserver((changes) => {
      const rows = changes
        .flatMap(({ addedNodes }) => [...addedNodes])
        .flatMap((node) => (node instanceof HTMLElement ? [node, ...node.querySelectorAll<HTMLElement>('[role="row"]')] : []))
        .filter((element) => element.dataset.testid === 'log-record' && element.textContent?.includes('ringscope-bench '));
      if (rows.length === 0) return;
      // A task from within the frame runs when the frame has been handed over.
      setTimeout(() => {
        const paintedMs = performance.timeOrigin + performance.now();
        for (const element of rows) {
          const text = /ringscope-bench (\w+ \d+)/.exec(element.textContent ?? '')?.[1] ?? '';
          const kernelMs = Number(/([\d.]+) s after boot/.exec(element.title)?.[1]) * 1000;
          if (!seen.has(text)) seen.set(text, { text, kernelMs, paintedMs });
        }
      });
    }).observe(list, { childList: true, subtree: true });
  });
}

/** What the page's clock says, asked often enough that one answer was quick. */
async function pageClock(page: Page): Promise<ClockQuestion[]> {
  const questions: ClockQuestion[] = [];
  for (let index = 0; index < 50; index += 1) {
    const before = now();
    const other = await page.evaluate(() => performance.timeOrigin + performance.now());
    questions.push({ before, other, after: now() });
  }
  return questions;
}

export const logLatency: BenchRow = {
  id: 'log-latency',
  goals: [{ row: 'kernel line shown after its printk, p99', unit: 'ms', goal: 100, bound: 'below' }],
  async measure({ progress }) {
    await using application = await openInBrowser();
    const { page, runtimeDirectory } = application;
    await new WindowPage(page).phase('live');
    await page.locator('.log-rows').waitFor();
    const session = new AgentClient(createConnection(join(runtimeDirectory, 'ringscope', 'lab', 'session.sock')));
    await session.hello('bench');
    // The lab loads the driver and begins its traffic.
    await page.locator('.ring-strip').first().waitFor({ timeout: 60_000 });
    await wait(3000);
    await watchRows(page);
    progress('the guest is live and traffic flows');
    const toPage = await pageClock(page);
    const script = [
      'echo on > /proc/sys/kernel/printk_devkmsg',
      `i=0; while [ $i -lt ${lines} ]; do i=$((i+1)); echo "<6>ringscope-bench line $i" > /dev/kmsg; usleep ${betweenUs}; done &`,
    ].join('; ');
    await typeInGuest(runtimeDirectory, script);
    // The agent writes into the same log on request: between the request and its answer lies the kernel's time of that line.
    const asked: { text: string; before: number; after: number }[] = [];
    const shown = () => page.evaluate(() => [...(window as unknown as { seen: Map<string, SeenRow> }).seen.values()]);
    const limit = now() + 60_000;
    for (let mark = 1; ; mark += 1) {
      const before = now();
      const answer = await session.request('mark', { text: `ringscope-bench mark ${mark}` });
      if (!answer.ok) throw new Error(`The agent cannot mark the log: ${answer.error.message}`);
      asked.push({ text: `mark ${mark}`, before, after: now() });
      await wait(200);
      if ((await shown()).some(({ text }) => text === `line ${lines}`)) break;
      // The last line may have been painted together with more than the list shows.
      if (now() > limit) break;
    }
    toPage.push(...(await pageClock(page)));
    session.close();
    const rows = await shown();
    const kernelOf = new Map(rows.map(({ text, kernelMs }) => [text, kernelMs]));
    const toGuest = asked.flatMap(({ text, before, after }) => {
      const other = kernelOf.get(text);
      return other === undefined ? [] : [{ before, other, after }];
    });
    const pageBounds = clockBounds(toPage, toPage[0]?.other ?? 0, Number.POSITIVE_INFINITY);
    const latencies = rows
      .filter(({ text }) => text.startsWith('line '))
      .map(({ kernelMs, paintedMs }) => {
        const guestBounds = clockBounds(toGuest, kernelMs, reachMs);
        // The latest instant at which it may have been painted, from the earliest at which it may have been written.
        return {
          most: paintedMs + pageBounds.most - (kernelMs + guestBounds.least),
          unsure: pageBounds.most - pageBounds.least + guestBounds.most - guestBounds.least,
        };
      });
    const most = latencies.map((one) => one.most);
    const missing = lines - latencies.length;
    // The way to the guest's agent and back, without the page: what of the latency is the machine's and the guest's.
    const roundTrips = asked.map(({ before, after }) => after - before);
    return {
      values: [percentile(most, 0.99)],
      isInvalid: missing > lines / 100,
      note: `${missing > 0 ? `${missing} lines came together with more than the list shows, and were painted never; ` : ''}${latencies.length} lines in a guest under traffic; median ${percentile(most, 0.5).toFixed(0)} ms, most ${percentile(most, 1).toFixed(0)} ms; a request to the agent and its answer take ${percentile(roundTrips, 0.5).toFixed(0)} ms, p99 ${percentile(roundTrips, 0.99).toFixed(0)} ms; the clocks are known to ${percentile(
        latencies.map(({ unsure }) => unsure),
        0.5,
      ).toFixed(1)} ms, and the worst of that is counted`,
    };
  },
};
