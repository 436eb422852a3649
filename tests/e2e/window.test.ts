// The window as a whole on the real guest: one time for all panels, standing still, scrolling back, commands and keys, places that are remembered, themes and number bases.
import { expect, test } from 'vitest';
import { askGuest } from '../support/guest-answer.ts';
import { inBothShells } from '../support/in-both-shells.ts';
import { DescriptorsPage } from '../support/panels/descriptors.ts';
import { Dialogs } from '../support/panels/dialogs.ts';
import { InterruptsPage } from '../support/panels/interrupts.ts';
import { limit, numberIn, pictureOf } from '../support/panels/panel-page.ts';
import { QueuesPage } from '../support/panels/queues.ts';
import { StatisticsPage } from '../support/panels/statistics.ts';
import { TimePage } from '../support/panels/time.ts';
import { WorkbenchPage } from '../support/panels/workbench.ts';

const vectorName = 'rigb-TxRx-0';

inBothShells((opened) => {
  const received = async () =>
    numberIn(await askGuest(opened().application.runtimeDirectory, 'cat /sys/class/net/eth0/statistics/rx_packets'));
  const focusedPanel = () => new WorkbenchPage(opened().window).focusedPanel();

  test('a panel that nobody has chosen a place for comes where there is most room, and takes none from the others', async () => {
    const { window } = opened();
    const workbench = new WorkbenchPage(window);
    const places = () => Promise.all(['queues', 'log', 'interrupts', 'statistics'].map((id) => workbench.place(id).boundingBox()));
    const before = await places();
    await window.showPanel('Terminal');
    await workbench.place('terminal').waitFor(limit);
    expect(await places()).toEqual(before);
    await new Dialogs(window).run('Reset layout');
    await new DescriptorsPage(window).row(0).waitFor(limit);
  });

  test('the pointer in one chart shows its instant in all of them, in the timeline and in the log', async () => {
    const { window } = opened();
    const time = new TimePage(window);
    const statistics = await new StatisticsPage(window).show();
    expect(await time.hoverMarks.count()).toBe(0);
    // Near its right edge: the log’s newest line, which is in sight, is the one of that instant.
    const chart = statistics.charts.first().locator('.u-over');
    const { width = 0, height = 0 } = (await chart.boundingBox()) ?? {};
    await chart.hover({ position: { x: width - 4, y: height / 2 } });
    // Statistics, the chosen vector, the timeline.
    await expect.poll(() => time.hoverMarks.count(), limit).toBeGreaterThanOrEqual(3);
    const hovered = await time.instant();
    await window
      .panel('Kernel log')
      .locator('[data-hovered]')
      .first()
      .waitFor({ state: 'attached', ...limit });
    await time.strip.hover({ position: { x: 400, y: 20 } });
    await expect.poll(() => time.hoverMarks.count(), limit).toBeGreaterThanOrEqual(3);
    await window.page.mouse.move(2, 2);
    await expect.poll(() => time.hoverMarks.count(), limit).toBe(0);
    await expect.poll(() => time.instant(), limit).toBeGreaterThan(hovered);
  });

  test('pause lets everything on the screen stand still while data keeps coming', async () => {
    const { window } = opened();
    const time = new TimePage(window);
    const statistics = await new StatisticsPage(window).show();
    const interrupts = new InterruptsPage(window);
    const descriptors = new DescriptorsPage(window);
    const queues = new QueuesPage(window);
    await descriptors.row(0).waitFor(limit);
    await time.pause();
    const shown = async () => ({
      packets: await statistics.value('RX packets'),
      interrupts: await interrupts.cell(vectorName, 'total'),
      descriptors: await Promise.all([0, 1, 2].map((slot) => descriptors.raw(slot))),
      ring: await pictureOf(queues.ring),
      positions: await queues.positions(),
      timeline: await pictureOf(time.strip.locator('canvas')),
      rows: await statistics.region.locator('td[data-value]').first().textContent(),
    });
    // What was under way when the key was pressed is painted; from then on nothing moves.
    let before = await shown();
    await expect
      .poll(async () => {
        const now = await shown();
        const isSame = JSON.stringify(now) === JSON.stringify(before);
        before = now;
        return isSame;
      }, limit)
      .toBe(true);
    const inGuest = await received();
    await expect.poll(received, limit).toBeGreaterThan(inGuest + 4000);
    expect(await shown()).toEqual(before);
    await time.goOn();
    // Nothing of what came meanwhile is missing.
    await expect.poll(() => statistics.value('RX packets'), limit).toBeGreaterThan(before.packets + 4000);
  });

  test('one scrolls back through the session, and comes back to the newest', async () => {
    const { window } = opened();
    const time = new TimePage(window);
    const timeline = window.page.getByRole('region', { name: 'Time', exact: true });
    await timeline.getByTestId('history-limit').waitFor(limit);
    // More than is in sight, or there is nothing to scroll to.
    const kept = () => timeline.getByTestId('history-limit').textContent();
    await expect.poll(kept, limit).toMatch(/^([2-8]\d s|.* (min|h)) of /);
    expect(await timeline.getByTestId('history-limit').getAttribute('title')).toMatch(/Kept at the most: /);
    const statistics = await new StatisticsPage(window).show();
    const newest = await time.instant();
    await timeline.getByLabel('Time in sight').selectOption({ index: 0 });
    await time.strip.focus();
    await window.page.keyboard.press('PageUp');
    await timeline.getByText('◁ earlier').waitFor(limit);
    await expect.poll(() => time.instant(), limit).toBeLessThan(newest + 10);
    await window.page.keyboard.press('Home');
    await expect.poll(() => time.instant(), limit).toBeLessThan(newest);
    await timeline.getByRole('button', { name: '⇥ live' }).click();
    await timeline.getByText('● follows').waitFor(limit);
    await time.strip.focus();
    await window.page.keyboard.press('Escape');
    await window.page.keyboard.press('End');
    await expect.poll(() => time.instant(), limit).toBeGreaterThan(newest);
    await timeline.getByLabel('Time in sight').selectOption({ label: '60 s' });
    expect(await statistics.charts.count()).toBeGreaterThan(0);
  });

  test('the palette finds a command by parts of its name and runs it', async () => {
    const { window } = opened();
    const palette = await new Dialogs(window).openPalette();
    await palette.getByPlaceholder('What shall be done?').fill('numb dec');
    await palette.getByRole('option', { name: 'Numbers: hex or decimal' }).waitFor(limit);
    await window.page.keyboard.press('Enter');
    await palette.waitFor({ state: 'detached', ...limit });
    await window.page.getByRole('button', { name: 'Numbers: dec, decimal', exact: true }).waitFor(limit);
  });

  test('numbers are decimal, hexadecimal or each as is usual, by key, and that is remembered', async () => {
    const { window } = opened();
    const { page } = window;
    const shown = (words: string) => page.getByRole('button', { name: `Numbers: ${words}`, exact: true });
    await window.panel('Queues').focus();
    await shown('dec, decimal').waitFor(limit);
    await page.keyboard.press('x');
    await shown('hex, hexadecimal').waitFor(limit);
    await page.reload();
    await window.phase('live');
    await shown('hex, hexadecimal').click();
    await shown('mixed, fields in hexadecimal, counts in decimal').click();
    await shown('dec, decimal').waitFor(limit);
  });

  test('a shortcut is a place on the keyboard: bound anew it works whatever letter stands there, after a reload too', async () => {
    const { window } = opened();
    const { page } = window;
    const sheet = await new Dialogs(window).openShortcuts();
    await sheet.getByLabel('Search commands and keys').fill('go to statistics');
    await sheet.getByRole('button', { name: /^Go to Statistics: 5/ }).click();
    await page.keyboard.press('KeyG');
    await sheet.getByRole('button', { name: /^Go to Statistics: G/ }).waitFor(limit);
    await sheet.getByRole('button', { name: 'Close', exact: true }).click();
    const pressWithOtherLetter = () =>
      page.evaluate(() => {
        const from = document.activeElement ?? document.body;
        // The same key as a Cyrillic board has it.
        from.dispatchEvent(new KeyboardEvent('keydown', { code: 'KeyG', key: 'п', bubbles: true, cancelable: true }));
      });
    for (const isReloaded of [false, true]) {
      if (isReloaded) {
        await page.reload();
        await window.phase('live');
      }
      await window.panel('Queues').waitFor(limit);
      await window.panel('Queues').focus();
      await page.keyboard.press('Digit5');
      expect(await focusedPanel()).toBe('queues');
      await pressWithOtherLetter();
      await expect.poll(focusedPanel, limit).toBe('statistics');
    }
    const again = await new Dialogs(window).openShortcuts();
    await again.getByRole('button', { name: 'Reset all' }).click();
    await again.getByRole('button', { name: 'Close', exact: true }).click();
  });

  test('the shortcut sheet shows the command of every key that the window hears', async () => {
    const { window } = opened();
    const sheet = await new Dialogs(window).openShortcuts();
    for (const [name, key] of [
      ['Pause the screen, or go on', 'Space'],
      ['All commands', 'Ctrl+K'],
      ['Autopsy of the chosen queue', 'A'],
      ['Focus the next panel', 'F6'],
    ])
      expect(await sheet.locator(`[data-command="${name}"] kbd`).textContent()).toBe(key);
    await window.page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached', ...limit });
  });

  test('a panel that was dragged, and one that was split off, stand where they were put after a reload', async () => {
    const { window } = opened();
    const { page } = window;
    const box = async (name: string) => {
      const { x, width } = (await window.panel(name).boundingBox()) ?? { x: Number.NaN, width: Number.NaN };
      return { x: Math.round(x), width: Math.round(width) };
    };
    const target = await window.panel('Descriptors').boundingBox();
    if (!target) throw new Error('The descriptors are not in sight.');
    await page
      .getByRole('tab', { name: 'Traffic', exact: true })
      .dragTo(page.locator('.dock-panel[data-panel="descriptors"]'), { targetPosition: { x: target.width - 12, y: target.height / 2 } });
    await window.panel('Traffic').waitFor(limit);
    await expect.poll(async () => (await box('Descriptors')).width, limit).toBeLessThan(target.width - 100);
    await window.showPanel('Registers');
    await page.getByRole('tab', { name: 'Registers', exact: true }).focus();
    await new Dialogs(window).run('Split the panel off below');
    await window.panel('Descriptors').waitFor(limit);
    await window.panel('Registers').waitFor(limit);
    const places = () => Promise.all(['Traffic', 'Registers', 'Descriptors'].map(box));
    const before = await places();
    await page.reload();
    await window.phase('live');
    // To the pixel that rounding takes.
    const moved = async () =>
      (await places()).flatMap(({ x, width }, at) => [Math.abs(x - (before[at]?.x ?? 0)), Math.abs(width - (before[at]?.width ?? 0))]);
    await expect.poll(async () => Math.max(...(await moved())), limit).toBeLessThanOrEqual(2);
    await new Dialogs(window).run('Reset layout');
    await window.panel('Registers').waitFor({ state: 'hidden', ...limit });
  });

  test('light, dark and the system’s theme colour everything, canvases too', async () => {
    const { window } = opened();
    const { page } = window;
    const queues = await new QueuesPage(window).show();
    await queues.ring.waitFor(limit);
    const theme = page.getByLabel('Theme');
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const corner = () =>
      page.locator('.heat-strip').evaluate((canvas) => {
        const { width, height } = canvas as HTMLCanvasElement;
        const context = (canvas as HTMLCanvasElement).getContext('2d');
        return [...(context?.getImageData(Math.floor(width / 2), Math.floor(height / 2), 1, 1).data ?? [])].join();
      });
    const looks = async (choose: () => Promise<unknown>, wanted: string) => {
      await choose();
      await page.waitForFunction((name) => document.documentElement.dataset.theme === name, wanted, limit);
      return { ground: await ground(), corner: await corner() };
    };
    const light = await looks(() => theme.selectOption('light'), 'light');
    const dark = await looks(() => theme.selectOption('dark'), 'dark');
    expect(dark.ground).not.toBe(light.ground);
    await expect.poll(corner, limit).not.toBe(light.corner);
    await page.emulateMedia({ colorScheme: 'light' });
    const system = await looks(() => theme.selectOption('system'), 'light');
    expect(system.ground).toBe(light.ground);
    expect((await looks(() => page.emulateMedia({ colorScheme: 'dark' }), 'dark')).ground).toBe(dark.ground);
    await page.emulateMedia({ colorScheme: 'light' });
  });
});
