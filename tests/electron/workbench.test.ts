// The workbench in real Chromium on a recording of the lab: what is in sight at 1280×720, keys, moving, and that it is remembered. Nothing of it may hurt the page's policy.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WindowPage } from '../support/page-objects.ts';
import { PageOnSession } from '../support/page-on-session.ts';

let opened: PageOnSession;
let window: WindowPage;

beforeAll(async () => {
  opened = await PageOnSession.open();
  window = new WindowPage(opened.page);
  await opened.session.openRecording(join(import.meta.dirname, '../fixtures/recording/lab.mcap'));
  await window.panel('Descriptors').waitFor();
});
afterAll(() => opened?.[Symbol.asyncDispose]());

/** `RINGSCOPE_PICTURES` names a folder for pictures of what a test sees, for people. */
async function picture(name: string): Promise<void> {
  const folder = process.env.RINGSCOPE_PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  for (const theme of ['light', 'dark'] as const) {
    await opened.page.emulateMedia({ colorScheme: theme });
    await opened.page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
  }
}

test('1280×720 shows a ring, its descriptors, the log and the interrupts without scrolling', async () => {
  const { page } = opened;
  await page.keyboard.press('End');
  for (const name of ['Queues', 'Descriptors', 'Kernel log', 'Interrupts', 'Statistics']) {
    await window.panel(name).waitFor();
    const box = await window.panel(name).boundingBox();
    expect(box && box.y + box.height <= 720 && box.x + box.width <= 1280 && box.height > 90, `${name} ${JSON.stringify(box)}`).toBe(true);
  }
  await picture('first-run');
});

/** Ids of the panels in sight, in the order of the page. */
const inSight = () =>
  opened.page
    .locator('.dock-panel')
    .evaluateAll((places) =>
      places
        .filter((place) => (place as HTMLElement).checkVisibility() && place.clientHeight > 0)
        .map((place) => (place as HTMLElement).dataset.panel),
    );
const focused = () => opened.page.evaluate(() => document.activeElement?.closest<HTMLElement>('[data-panel]')?.dataset.panel ?? null);
const tab = (name: string) => opened.page.getByRole('tab', { name, exact: true });

test('F6 goes from panel to panel and back, as one reads them', async () => {
  const { page } = opened;
  const order: (string | null)[] = [];
  for (let press = 0; press < 5; press += 1) {
    await page.keyboard.press('F6');
    order.push(await focused());
  }
  expect(order).toEqual(['queues', 'descriptors', 'interrupts', 'statistics', 'log']);
  await page.keyboard.press('Shift+F6');
  expect(await focused()).toBe('statistics');
});

test('a key maximises the focused panel, and restores the others', async () => {
  const { page } = opened;
  await page.keyboard.press('F6');
  await page.keyboard.press('m');
  await expect.poll(inSight).toEqual(['log']);
  await picture('maximised');
  await page.keyboard.press('m');
  await expect.poll(inSight).toHaveLength(5);
});

test('tabs are tabs: arrows go along, Enter shows one, Delete closes it, and its key brings it back', async () => {
  const { page } = opened;
  await tab('Statistics').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await window.panel('Traffic').waitFor();
  expect(await tab('Traffic').getAttribute('aria-selected')).toBe('true');
  await tab('Traffic').focus();
  await page.keyboard.press('Delete');
  await expect.poll(() => tab('Traffic').count()).toBe(0);
  await window.panel('Statistics').waitFor();
  await page.keyboard.press('6');
  await window.panel('Traffic').waitFor();
  await expect.poll(focused).toBe('traffic');
});

test('a tab dragged to the side of another group gets a place of its own, nothing scrolls by that, and a reload remembers it', async () => {
  const { page } = opened;
  const rows = page.locator('.descriptor-rows');
  const scrolled = () => rows.evaluate((scroller) => scroller.scrollTop);
  await rows.evaluate((scroller) => scroller.scrollTo(0, 600));
  await expect.poll(scrolled).toBe(600);
  const target = await window.panel('Descriptors').boundingBox();
  if (!target) throw new Error('The descriptors are not in sight.');
  const place = page.locator('.dock-panel[data-panel="descriptors"]');
  await tab('Traffic').dragTo(place, { targetPosition: { x: target.width - 12, y: target.height / 2 } });
  await window.panel('Statistics').waitFor();
  await window.panel('Traffic').waitFor();
  const width = async () => Math.round((await window.panel('Descriptors').boundingBox())?.width ?? 0);
  const narrower = await width();
  expect(narrower).toBeLessThan(target.width - 100);
  await expect.poll(scrolled).toBe(600);
  await picture('moved');
  await page.goto(opened.newAddress());
  await window.panel('Traffic').waitFor();
  await expect.poll(width).toBe(narrower);
});

test('the palette resets the layout, and shows what was used last first', async () => {
  const { page } = opened;
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('What shall be done?').fill('reset lay');
  await page.keyboard.press('Enter');
  await expect.poll(inSight).toHaveLength(5);
  await page.keyboard.press('Control+k');
  const first = page.getByRole('dialog', { name: 'Commands' }).getByRole('option').first();
  await first.waitFor();
  expect(await first.textContent()).toBe('Reset layout');
  await picture('palette');
  await page.keyboard.press('Escape');
});

test('the shortcut sheet binds a key by pressing it, says who has it, and the new key works', async () => {
  const { page } = opened;
  await page.keyboard.press('Shift+Slash');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await sheet.getByLabel('Search commands and keys').fill('go to kernel');
  await sheet.getByRole('button', { name: /^Go to Kernel log: 4/ }).click();
  await page.keyboard.press('m');
  await sheet.getByText('M is already “Maximise or restore the panel”').waitFor();
  await picture('shortcuts');
  await sheet.getByRole('button', { name: 'Leave it' }).click();
  await sheet.getByRole('button', { name: /^Go to Kernel log: 4/ }).click();
  await page.keyboard.press('g');
  await sheet.getByRole('button', { name: /^Go to Kernel log: G/ }).waitFor();
  await sheet.getByRole('button', { name: 'Close' }).click();
  await page.keyboard.press('g');
  await expect.poll(focused).toBe('log');
});

test('a terminal that is moved goes on, with what it showed', async () => {
  const { page } = opened;
  await window.panel('Kernel log').focus();
  await page.getByRole('button', { name: 'Terminal panel', exact: true }).click();
  await window.panel('Terminal').waitFor();
  await page.getByRole('button', { name: 'Open a shell', exact: true }).click();
  const screen = page.locator('.xterm-rows');
  await page.locator('textarea.xterm-helper-textarea:focus').waitFor({ state: 'attached' });
  await page.keyboard.type('echo "kept: $((6*7))"');
  await page.keyboard.press('Enter');
  await screen.getByText('kept: 42').waitFor();
  await tab('Terminal').dragTo(page.locator('.dock-panel[data-panel="descriptors"]'), { targetPosition: { x: 300, y: 100 } });
  await screen.getByText('kept: 42').waitFor();
  await page.getByTestId('terminal-place').click();
  await page.keyboard.type('echo "on: $((5*5))"');
  await page.keyboard.press('Enter');
  await screen.getByText('on: 25').waitFor();
  await page.keyboard.press('F6');
  expect(await focused()).not.toBe('terminal');
});

test('every panel works alone, 400 pixels wide', async () => {
  const { page } = opened;
  for (const name of ['Overview', 'Queues', 'Descriptors', 'Interrupts', 'Kernel log', 'Statistics', 'Traffic']) {
    await page.getByRole('button', { name: `${name} panel`, exact: true }).click();
    await page.keyboard.press('m');
    await page.setViewportSize({ width: 490, height: 720 });
    await window.panel(name).waitFor();
    const right = async () => {
      const box = await window.panel(name).boundingBox();
      return box ? box.x + box.width : Number.POSITIVE_INFINITY;
    };
    await expect.poll(right, { message: name }).toBeLessThanOrEqual(490);
    await picture(`narrow-${name}`);
    await page.setViewportSize({ width: 1280, height: 720 });
    await page.keyboard.press('m');
  }
});

test('the layouts of the rail are each a workbench of their own', async () => {
  const { page } = opened;
  await window.press('Machine');
  await window.panel('Overview').waitFor();
  await window.panel('Settings').waitFor();
  await picture('machine');
  await window.press('Doctor');
  await page.locator('[data-check]').first().waitFor();
  await picture('doctor');
  await window.press('Inspect');
  await window.panel('Descriptors').waitFor();
});

test('4K uses the room for more', async () => {
  const { page } = opened;
  await page.setViewportSize({ width: 3840, height: 2160 });
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('What shall be done?').fill('reset lay');
  await page.keyboard.press('Enter');
  await expect.poll(inSight).toHaveLength(5);
  const rows = await window.panel('Descriptors').getByRole('row').count();
  expect(rows).toBeGreaterThan(30);
  await picture('4k');
});

test('nothing of it hurt the content security policy', async () => {
  expect(await opened.page.evaluate(() => globalThis.window.violations)).toEqual([]);
});
