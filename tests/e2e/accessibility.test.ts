// Whether the window can be used without a mouse, without good eyes and on a small screen: axe-core on every layout, panel and dialog in both themes, a walk by keyboard, and what is cut off at 1280×720 and at 400 pixels.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { layouts } from '../../renderer/panels/layouts.ts';
import { type AxeRules, axeViolations } from '../support/axe.ts';
import { inBothShells } from '../support/in-both-shells.ts';
import { layoutFaults, unreachableControls } from '../support/layout-faults.ts';
import { DescriptorsPage } from '../support/panels/descriptors.ts';
import { Dialogs } from '../support/panels/dialogs.ts';
import { limit } from '../support/panels/panel-page.ts';
import { RegistersPage } from '../support/panels/registers.ts';
import { TimePage } from '../support/panels/time.ts';
import { panelIds, panelNames, WorkbenchPage } from '../support/panels/workbench.ts';

/** Has ten columns with curves: at 400 pixels some are aside, and its headings, which Tab reaches, bring them into sight. */
const widest = 'queues';

inBothShells((opened) => {
  const page = () => opened().application.page;
  const workbench = () => new WorkbenchPage(opened().window);

  /** `RINGSCOPE_PICTURES` names a folder for pictures of what a test sees, for people. */
  async function picture(name: string): Promise<void> {
    const folder = process.env.RINGSCOPE_PICTURES;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await page().screenshot({ path: join(folder, `${name}.png`) });
  }

  const theme = async (name: 'light' | 'dark') => {
    await page().evaluate((wanted) => {
      document.documentElement.dataset.theme = wanted;
    }, name);
    // Colours that fade are measured once they have arrived.
    await page().waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
  };

  /** What axe finds here in both themes. A theme changes colours alone: the dark one is asked about those only. */
  async function axe(where: string, within?: string): Promise<string[]> {
    const found: string[] = [];
    for (const [name, rules] of [
      ['light', 'all'],
      ['dark', 'colour'],
    ] as const satisfies readonly (readonly ['light' | 'dark', AxeRules])[]) {
      await theme(name);
      found.push(...(await axeViolations(page(), `${where}, ${name}`, rules, within)));
    }
    await theme('light');
    return found;
  }

  test.each(layouts.map(({ name }) => name))('axe finds nothing in the layout %s', async (name) => {
    await opened().window.press(name);
    await workbench().settled();
    expect(await axe(name)).toEqual([]);
    await opened().window.press('Inspect');
  });

  test.each(['overview', 'descriptors', 'registers', 'traffic'] as const)(
    'axe finds nothing in the panel %s, with something chosen in it',
    async (id) => {
      await workbench().maximised(id, async () => {
        if (id === 'descriptors') await new DescriptorsPage(opened().window).choose(3);
        if (id === 'registers') await new RegistersPage(opened().window).open('CTRL');
        expect(await axe(id, `[data-panel="${id}"]`)).toEqual([]);
      });
    },
  );

  test('axe finds nothing in the palette, the shortcuts, the report and what observing costs', async () => {
    const dialogs = new Dialogs(opened().window);
    const found: string[] = [];
    for (const [name, open] of [
      ['palette', () => dialogs.openPalette()],
      ['shortcuts', () => dialogs.openShortcuts()],
      ['report', () => dialogs.openReport()],
      ['cost', () => dialogs.openCost()],
    ] as const) {
      const dialog = await open();
      found.push(...(await axe(name)));
      await picture(`dialog-${name}`);
      await page().keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    }
    expect(found).toEqual([]);
  });

  test('axe finds nothing in the menus', async () => {
    const found: string[] = [];
    for (const name of ['Lab guest', 'Add a panel here', 'Copy or export the log']) {
      await page().getByRole('button', { name, exact: true }).first().click();
      await page().getByRole('menu').waitFor(limit);
      // A menu takes everything else away from who hears the page, so that it alone is there to be looked at.
      found.push(...(await axe(name, '[role="menu"]')));
      await page().keyboard.press('Escape');
      await page().getByRole('menu').waitFor({ state: 'detached' });
    }
    expect(found).toEqual([]);
  });

  test('axe finds nothing in the question before a register is written', async () => {
    const registers = await new RegistersPage(opened().window).show();
    await registers.search('FCTTV');
    await registers.row('FCTTV').waitFor(limit);
    await registers.open('FCTTV');
    await registers.list.getByRole('button', { name: 'Write FCTTV', exact: true }).click();
    await registers.question.waitFor(limit);
    expect(await axe('write')).toEqual([]);
    await picture('dialog-write');
    await page().keyboard.press('Escape');
    await registers.question.waitFor({ state: 'detached' });
    await registers.search('');
    await new DescriptorsPage(opened().window).show();
  });

  test('axe finds nothing in the question before bytes are shown, nor in the bytes', async () => {
    const descriptors = await new DescriptorsPage(opened().window).show();
    await descriptors.choose(3);
    await descriptors.bytes.getByRole('button', { name: 'Show bytes…' }).click();
    await descriptors.question.waitFor(limit);
    const found = await axe('question');
    await picture('dialog-bytes');
    await descriptors.question.getByRole('button', { name: 'Show bytes', exact: true }).click();
    await descriptors.question.waitFor({ state: 'detached', ...limit });
    await expect.poll(() => descriptors.look(), limit).toContain('Ethernet');
    found.push(...(await axe('bytes', '.buffer-bytes')));
    await descriptors.bytes.getByRole('button', { name: 'Hide bytes' }).click();
    expect(found).toEqual([]);
  });

  test('Tab goes through the whole window and out of it again, and what has the focus shows it', async () => {
    await new Dialogs(opened().window).run('Reset layout');
    await opened().window.panel('Queues').waitFor(limit);
    await opened().window.panel('Statistics').waitFor(limit);
    const most = 400;
    // From wherever the focus was to the end; then all of it.
    await workbench().tabThrough(most);
    const stops = await workbench().tabThrough(most);
    const unseen = stops.filter(({ isSeen }) => !isSeen).map(({ what }) => what);
    const panelsSeen = new Set(stops.map(({ panel }) => panel));
    expect(unseen).toEqual([]);
    expect([...panelsSeen]).toEqual(expect.arrayContaining(['queues', 'descriptors', 'interrupts', 'log', 'statistics']));
    expect(stops.length, 'Tab does not come to an end').toBeLessThan(most);
  });

  test('every panel is reached by a key alone, and left by one', async () => {
    const reached: string[] = [];
    for (const [key, id] of Object.entries({
      7: 'overview',
      1: 'queues',
      2: 'descriptors',
      3: 'interrupts',
      9: 'registers',
      4: 'log',
      5: 'statistics',
      6: 'traffic',
      8: 'alerts',
    })) {
      await page().keyboard.press(`Digit${key}`);
      await workbench().place(id).waitFor(limit);
      await expect.poll(() => workbench().focusedPanel(), limit).toBe(id);
      reached.push(id);
      await page().keyboard.press('F6');
      await expect.poll(() => workbench().focusedPanel(), limit).not.toBe(id);
    }
    const dialogs = new Dialogs(opened().window);
    for (const id of ['lab', 'comparison', 'machine', 'autopsy', 'recordings', 'terminal', 'doctor'] as const) {
      await dialogs.run(`Go to ${panelNames[id]}`);
      await workbench().place(id).waitFor(limit);
      reached.push(id);
    }
    expect(reached.sort()).toEqual([...panelIds].sort());
    await dialogs.run('Show Inspect');
    await dialogs.run('Reset layout');
  });

  test('lists, tables, charts and the timeline are worked by arrows alone', async () => {
    const { window } = opened();
    const press = (key: string) => page().keyboard.press(key);
    const active = (list: Locator) => list.getAttribute('aria-activedescendant');
    const queues = window.panel('Queues').getByRole('grid', { name: 'Queue pairs' });
    await window.showPanel('Queues');
    await queues.focus();
    await press('End');
    await expect.poll(() => active(queues), limit).not.toBe('queue-0');
    await press('Home');
    await expect.poll(() => active(queues), limit).toBe('queue-0');

    const descriptors = (await new DescriptorsPage(window).show()).region.getByRole('grid', { name: 'Descriptors of the ring' });
    await descriptors.focus();
    await press('Home');
    await press('ArrowDown');
    await expect.poll(() => active(descriptors), limit).toBe('descriptor-1');

    const log = window.panel('Kernel log').getByRole('treegrid', { name: 'Log records' });
    await log.focus();
    await press('End');
    await expect.poll(() => active(log), limit).toMatch(/^log-row-/);
    const last = await active(log);
    await press('ArrowUp');
    await expect.poll(() => active(log), limit).not.toBe(last);

    const statistics = (await window.showPanel('Statistics')).getByRole('row').and(page().locator('[data-name="RX packets"]'));
    const focused = () => page().evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.name ?? null);
    await statistics.first().focus();
    await press('ArrowDown');
    await expect.poll(focused, limit).not.toBe('RX packets');
    await press('ArrowUp');
    await expect.poll(focused, limit).toBe('RX packets');
    const isCharted = () => statistics.first().getByRole('button', { name: 'Chart RX packets' }).getAttribute('aria-pressed');
    const before = await isCharted();
    await press('c');
    await expect.poll(isCharted, limit).not.toBe(before);
    await press('c');
    await expect.poll(isCharted, limit).toBe(before);

    const time = new TimePage(window);
    await time.strip.focus();
    await press('ArrowLeft');
    await expect.poll(() => time.chosenMarks.count(), limit).toBeGreaterThan(0);
    await press('End');
    await expect.poll(() => time.chosenMarks.count(), limit).toBe(0);
  });

  test('a dialog takes the focus, keeps it, and gives it back', async () => {
    const registers = await new RegistersPage(opened().window).show();
    await registers.list.focus();
    await page().keyboard.press('Home');
    await page().keyboard.press('ArrowDown');
    await page().keyboard.press('Enter');
    await registers.question.waitFor(limit);
    for (let presses = 0; presses < 30; presses += 1) {
      await page().keyboard.press('Tab');
      expect(await registers.question.evaluate((dialog) => dialog.contains(document.activeElement))).toBe(true);
    }
    await page().keyboard.press('Escape');
    await registers.question.waitFor({ state: 'detached' });
    await expect.poll(() => registers.list.evaluate((list) => list.contains(document.activeElement)), limit).toBe(true);
    await new DescriptorsPage(opened().window).show();
  });

  test('what is measured below is found where it is', async () => {
    await page().evaluate(() => {
      const bad = document.createElement('div');
      bad.id = 'bad';
      // By script: the page's policy takes no styles that are written in markup.
      const add = (parent: Element, kind: 'button' | 'div', words: string, css: string) => {
        const element = document.createElement(kind);
        element.style.cssText = css;
        element.textContent = words;
        parent.append(element);
        return element;
      };
      const above = 'position: fixed; z-index: 99; top: 200px; white-space: nowrap;';
      const clip = `${above} overflow: hidden; width: 60px; height: 30px;`;
      add(add(bad, 'div', '', `${clip} left: 300px`), 'button', 'cut', 'width: 200px');
      add(bad, 'div', 'words that go on', `${clip} left: 400px`);
      add(bad, 'button', 'one', `${above} left: 500px; width: 80px`);
      add(bad, 'button', 'other', `${above} left: 540px; width: 80px`);
      document.body.append(bad);
    });
    const found = await layoutFaults(page(), '#bad');
    await page().evaluate(() => document.getElementById('bad')?.remove());
    for (const kind of [/^cut off: .*cut/, /^words cut: .*words that go on/, /^overlap: .*one.*other/])
      expect(found.filter((fault) => kind.test(fault))).toHaveLength(1);
  });

  test('at 1280×720 nothing of any layout is cut off, covered or overlapping', async () => {
    const faults: string[] = [];
    for (const { name } of layouts) {
      await opened().window.press(name);
      await workbench().settled();
      faults.push(...(await layoutFaults(page())).map((fault) => `${name}: ${fault}`));
      await picture(`layout-${name}`);
    }
    await opened().window.press('Inspect');
    expect(faults).toEqual([]);
  });

  test.each(panelIds)('%s works 400 pixels wide', async (id) => {
    await workbench().maximised(id, async (panel) => {
      const width = async () => Math.round((await panel.boundingBox())?.width ?? 0);
      const frame = 1280 - (await width());
      try {
        await page().setViewportSize({ width: frame + 400, height: 720 });
        await expect.poll(width, limit).toBe(400);
        if (id === 'descriptors') await new DescriptorsPage(opened().window).choose(3);
        await picture(`narrow-${id}`);
        expect(await layoutFaults(page(), `[data-panel="${id}"].dock-panel`, id !== widest)).toEqual([]);
        expect(await unreachableControls(page(), `[data-panel="${id}"].dock-panel`)).toEqual([]);
      } finally {
        await page().setViewportSize({ width: 1280, height: 720 });
        await expect.poll(width, limit).toBe(1280 - frame);
      }
    });
  });
});
