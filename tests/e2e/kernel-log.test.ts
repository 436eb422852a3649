// The kernel log in a real Chromium under a million lines; the session's target is a stand-in, since no card is looked at here.
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { streams } from '#common/frame.ts';
import { type LogLine, logLinesPayload } from '../support/log-lines.ts';
import { eventually } from '../support/page-objects.ts';
import { PageOnSession } from '../support/page-on-session.ts';
import { pageFault, warning } from '../unit/kernel-log/reports.ts';

let open: PageOnSession;
let page: Page;
let sequence = 0;

beforeEach(async () => {
  sequence = 0;
  open = await PageOnSession.open();
  page = open.page;
  await panel().waitFor();
});
afterEach(async () => {
  const violations = await page.evaluate(() => window.violations);
  await open[Symbol.asyncDispose]();
  expect(violations).toEqual([]);
});

const panel = () => page.getByRole('region', { name: 'Kernel log', exact: true });
const list = () => panel().getByRole('treegrid');
const row = (text: string | RegExp) => list().getByRole('row').filter({ hasText: text });
const count = async () => (await panel().getByTestId('log-count').textContent()) ?? '';
const digits = (text: string) => Number(text.replaceAll(/\D/g, ''));

const write = (lines: readonly (LogLine | string)[]) => {
  open.agent.send(
    streams.log,
    logLinesPayload(
      sequence,
      lines.map((line) => (typeof line === 'string' ? { text: line } : line)),
    ),
  );
  sequence += lines.length;
};

/** Writes so many lines as fast as the window paints them, so that none is left out. */
async function writeMany(total: number): Promise<void> {
  const end = sequence + total;
  while (sequence < end) {
    write(Array.from({ length: Math.min(2000, end - sequence) }, (_, index) => `line ${sequence + index} of a log that does not end`));
    await eventually(page, count, (text) => digits(text) >= sequence - 2000, 'the window keeps up');
  }
  await eventually(page, count, (text) => digits(text) >= end, 'all lines are there');
}

test('a million lines scroll from end to end, and a filter goes through them without holding up a frame', async () => {
  await writeMany(1_000_000);
  await row('line 999999 of').waitFor();
  const heap = await page.evaluate(() => (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize);
  process.stderr.write(`${(heap / 1e6).toFixed(0)} MB of JavaScript heap with a million lines\n`);
  await list().focus();
  await page.keyboard.press('Home');
  await row('line 0 of').waitFor();
  await page.keyboard.press('End');
  await row('line 999999 of').waitFor();
  await page.evaluate(() => {
    const late: number[] = [];
    let before = performance.now();
    const frame = (now: number) => {
      late.push(now - before);
      before = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    Object.assign(window, { late });
  });
  await panel().getByLabel('Filter by text', { exact: true }).fill('line 12345');
  await eventually(page, count, (text) => text.startsWith('11 of'), 'the filter finds its lines');
  const late = await page.evaluate(() => (window as unknown as { late: number[] }).late.sort((a, b) => a - b));
  process.stderr.write(
    `${late.length} frames while filtering, p95 ${late[Math.floor(late.length * 0.95)]?.toFixed(1)} ms, most ${late.at(-1)?.toFixed(1)} ms\n`,
  );
  expect(late.length).toBeGreaterThan(10);
}, 240_000);

test('an expression that would never end is stopped and said to be too slow', async () => {
  write(['a'.repeat(60), 'harmless']);
  await panel().getByLabel('Filter by text: as a regular expression').click();
  await panel().getByLabel('Filter by text', { exact: true }).fill('(a+)+!$');
  await panel().getByRole('alert').getByText('longer than a second').waitFor({ timeout: 60_000 });
  await panel().getByLabel('Filter by text', { exact: true }).fill('harm');
  await eventually(page, count, (text) => text.startsWith('1 of 2'), 'the next expression works');
  await row('harmless').locator('mark').getByText('harm').waitFor();
});

test('a report is opened with its decoded trace, at 1280 and at 400 pixels', async () => {
  write(['before', ...warning.map((text) => ({ text, level: 4 })), ...pageFault.map((text) => ({ text, level: 1 })), 'after']);
  write([
    {
      text: 'rigb 0000:01:00.0 eth0: transmit queue 0 hangs: next_to_use 17, next_to_clean 4, TDH 4, TDT 17',
      level: 3,
      device: '+pci:0000:01:00.0',
    },
  ]);
  await row('page fault').click();
  const detail = panel().getByRole('region', { name: /^Decoded/ });
  await detail.getByText('rigb::dev::probe::registers').first().waitFor();
  if (process.env.RINGSCOPE_PICTURES) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${process.env.RINGSCOPE_PICTURES}/log-${colorScheme}.png` });
    }
    await page.setViewportSize({ width: 480, height: 900 });
    await panel().scrollIntoViewIfNeeded();
    await page.screenshot({ path: `${process.env.RINGSCOPE_PICTURES}/log-narrow.png` });
  }
});

test('scrolling up ends the following, and new lines do not move what is read', async () => {
  await writeMany(4000);
  await list().hover();
  await page.mouse.wheel(0, -2000);
  await eventually(
    page,
    async () => panel().getByRole('button', { name: 'Follow' }).getAttribute('aria-pressed'),
    (is) => is === 'false',
    'it is not followed',
  );
  const first = () => list().getByRole('row').nth(10).textContent();
  await page.waitForTimeout(300);
  const before = await first();
  await writeMany(8000);
  expect(await first()).toBe(before);
  await page.keyboard.press('f');
  await row('line 11999 of').waitFor();
});

test('the log is made a file of, as text and as CSV', async () => {
  write(['one', { text: 'two, "quoted"', level: 3, timeUs: 5_000_000 }]);
  for (const [item, expected] of [
    [/^Text/, '[    0.000000] one\n[    5.000000] two, "quoted"\n'],
    [
      /^CSV/,
      'time,boot_seconds,level,device,subsystem,text\r\n1970-01-01T00:16:40.000000Z,0.000000,info,,,one\r\n1970-01-01T00:16:45.000000Z,5.000000,err,,,"two, ""quoted"""\r\n',
    ],
  ] as const) {
    await panel().getByRole('button', { name: 'Copy or export the log' }).click();
    const download = page.waitForEvent('download');
    await page.getByRole('menuitem', { name: item }).last().click();
    expect(readFileSync(await (await download).path(), 'utf8')).toBe(expected);
  }
});
