// Queues and Descriptors in a real browser, with eight queue pairs that all move: where things stand, and that they are drawn. No guest is needed.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { streams } from '#common/frame.ts';
import { talkingAgent } from '../support/fake-target.ts';
import { PageOnSession } from '../support/page-on-session.ts';
import { loadedDevice, loadPairs, movingObservation, movingRing, movingVectors } from '../support/queue-load.ts';
import { devicesEvent, moduleEvent } from '../support/wire-payloads.ts';

let opened: PageOnSession;
let page: Page;
let timer: ReturnType<typeof setInterval>;
const faults: string[] = [];

beforeAll(async () => {
  opened = await PageOnSession.open();
  page = opened.page;
  page.on('pageerror', ({ message }) => void faults.push(message));
  const agent = talkingAgent();
  opened.target.bringAgent(agent);
  await page.waitForFunction(() => document.documentElement.dataset.phase === 'live');
  agent.tell(moduleEvent('live'));
  agent.tell(devicesEvent([loadedDevice]));
  let turn = 0;
  timer = setInterval(() => {
    for (const kind of ['rx', 'tx'] as const)
      for (let index = 0; index < loadPairs; index += 1)
        if (index === 0 || turn % 5 === 0) agent.send(streams.ring, movingRing(kind, index, turn, 1024));
    if (turn % 10 === 0) agent.send(streams.vectors, movingVectors(turn));
    if (turn % 20 === 0) agent.tell(movingObservation(turn));
    turn += 1;
  }, 50);
  await page.locator('.ring-strip').waitFor();
  // The panel as large as it is in a window of 1280 by 720 that shows two rows of panels.
  await page.addStyleTag({ content: '.panel.queues { position: fixed; inset: 0 auto auto 0; width: 640px; height: 420px; z-index: 30 }' });
});
afterAll(async () => {
  clearInterval(timer);
  await opened?.[Symbol.asyncDispose]();
});

/** How many colours a canvas has: a blank one has one. */
const coloursOf = (selector: string) =>
  page
    .locator(selector)
    .first()
    .evaluate((canvas) => {
      const { width, height } = canvas as HTMLCanvasElement;
      const pixels = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
      return new Set(new Uint32Array(Uint8ClampedArray.from(pixels).buffer)).size;
    });

test('eight queue pairs are wholly in sight in a panel of 420 pixels', async () => {
  const panel = await page.locator('.panel.queues').boundingBox();
  const rows = await page.locator('.queue-row').all();
  expect(rows).toHaveLength(loadPairs);
  for (const row of rows) {
    const box = await row.boundingBox();
    expect(box?.height).toBe(32);
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual((panel?.y ?? 0) + (panel?.height ?? 0));
  }
});

test('curves, the ring, its fill level and the map are drawn', async () => {
  await page.waitForFunction(() => document.querySelector('.queue-row .number')?.textContent !== '–');
  for (const canvas of ['.sparkline', '.ring-strip', '.fill-chart', '.heat-strip'])
    expect(await coloursOf(canvas), canvas).toBeGreaterThan(1);
});

test('the ring moves without its panel being touched', async () => {
  const picture = () => page.locator('.ring-strip').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
  const before = await picture();
  await expect.poll(picture, { timeout: 60_000 }).not.toBe(before);
});

test('the table that leads most frames to one queue is beside the spread that it causes', async () => {
  await page.getByText('RX 0 is furthest from even').waitFor({ timeout: 60_000 });
  expect(await page.getByRole('list', { name: 'RSS indirection table' }).getByRole('listitem').count()).toBe(128);
});

test('a panel of 400 pixels keeps its rows, and hides nothing behind its edge', async () => {
  await page.addStyleTag({ content: '.panel.queues { width: 400px }' });
  await expect.poll(() => page.locator('.queue-large').evaluate((large) => large.scrollWidth <= large.clientWidth)).toBe(true);
  expect((await page.locator('.queue-row').first().boundingBox())?.height).toBe(32);
});

test('nothing failed on the page, and its policy forbade nothing', async () => {
  expect(faults).toEqual([]);
  expect(await page.evaluate(() => window.violations)).toEqual([]);
});
