// The Terminal view in a real Chromium, with real shells; the session's target is a stand-in, since no card is looked at here.
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { err } from '#common/result.ts';
import { loadNodePty } from '../../main/node/terminal/node-pty.ts';
import { PageOnSession } from '../support/page-on-session.ts';

const loaded = await loadNodePty();
const shells = test.skipIf(!loaded.ok);
const shellBefore = process.env.SHELL;

let open: PageOnSession;
let page: Page;

async function openPage(parts: Parameters<typeof PageOnSession.open>[0] = {}): Promise<void> {
  open = await PageOnSession.open(parts);
  page = open.page;
  await page.getByRole('button', { name: 'Terminal', exact: true }).click();
}

beforeEach(() => {
  process.env.SHELL = '/bin/sh';
});
afterEach(async () => {
  const violations = await page.evaluate(() => window.violations);
  await open[Symbol.asyncDispose]();
  process.env.SHELL = shellBefore ?? '/bin/sh';
  expect(violations).toEqual([]);
});

const screen = () => page.locator('.xterm-rows');
const tab = (name: string | RegExp) => page.getByRole('tab', { name });
const printed = (text: string, timeout = 60_000) => screen().getByText(text).first().waitFor({ timeout });

async function openShell(): Promise<void> {
  const before = await page.getByRole('tab').count();
  await page.getByRole('button', { name: 'Shell', exact: true }).click();
  await page.getByRole('tab').nth(before).waitFor();
  await page.locator('textarea.xterm-helper-textarea:focus').waitFor({ state: 'attached' });
  await screen().getByText(/[#$]/).first().waitFor();
}

const type = async (line: string) => {
  await page.keyboard.type(line);
  await page.keyboard.press('Enter');
};

shells('a shell answers what is typed, and the window’s own keys stay out of it', async () => {
  await openPage();
  await openShell();
  await type('echo "sum: $((6*7)) uptf"');
  await printed('sum: 42 uptf');
  // u, p, t and f are commands of the window.
  expect(open.target.calls).toEqual(['start']);
  await page.getByText('Unload driver').waitFor();
});

shells('several shells run at once, each in its tab', async () => {
  await openPage();
  await openShell();
  await type('echo "first: $((1+1))"');
  await printed('first: 2');
  await openShell();
  await type('echo "second: $((2+2))"');
  await printed('second: 4');
  await tab(/sh 1/).click();
  await printed('first: 2');
  expect(await screen().getByText('second: 4').count()).toBe(0);
});

shells('it has the size of its place, and follows it', async () => {
  await openPage();
  await openShell();
  const columns = async (label: string) => {
    await type(`echo "${label}: $(stty size | cut -d' ' -f2)."`);
    const line = screen()
      .getByText(new RegExp(`^${label}: \\d+\\.`))
      .first();
    await line.waitFor();
    return Number(/: (\d+)\./.exec((await line.textContent()) ?? '')?.[1]);
  };
  const wide = await columns('wide');
  expect(wide).toBeGreaterThan(120);
  await page.setViewportSize({ width: 800, height: 600 });
  await expect.poll(() => columns('narrow'), { timeout: 60_000 }).toBeLessThan(wide - 40);
});

shells('of many tabs the chosen one is in sight', async () => {
  await openPage();
  await page.setViewportSize({ width: 640, height: 500 });
  for (let count = 0; count < 6; count += 1) await openShell();
  const isInSight = (name: RegExp) =>
    tab(name).evaluate((element) => {
      const [own, list] = [element.getBoundingClientRect(), element.parentElement?.getBoundingClientRect()];
      return list !== undefined && own.left >= list.left - 1 && own.right <= list.right + 1;
    });
  await expect.poll(() => isInSight(/sh 6/)).toBe(true);
  expect(await isInSight(/sh 1/)).toBe(false);
});

shells('the guest’s console is a tab: it shows what the guest says, and takes what is typed', async () => {
  await openPage();
  await tab('Guest console').waitFor();
  open.target.speak('ringscope-lab: ready\r\n# ');
  await printed('ringscope-lab: ready');
  // A click on the tab that is shown already gives it the keys, too.
  await tab('Guest console').click();
  await type('id');
  await expect
    .poll(() => open.target.calls.filter((call) => call.startsWith('console: ')).join(''))
    .toBe('console: iconsole: dconsole: \r');
});

shells('a reload keeps the shells and what they printed, and asks them nothing anew', async () => {
  await openPage();
  await openShell();
  // The query in it is answered by a terminal; told again, an answer would be typed into the shell.
  await type('printf "\\033[6n"; sleep 0; echo "kept: $((40+2))"');
  await printed('kept: 42');
  await page.keyboard.press('Control+C');
  await page.reload();
  await tab(/sh 1/).click();
  await printed('kept: 42');
  await page.locator('textarea.xterm-helper-textarea:focus').waitFor({ state: 'attached' });
  await type('echo "[$((1+1))]"');
  await printed('[2]');
});

shells('find marks what matches, goes up and down, and gives the keys back', async () => {
  await openPage();
  await openShell();
  await type('for n in 1 2 3; do echo "needle-$n"; done; echo "end: $((1+2))"');
  await printed('end: 3');
  await page.keyboard.press('Control+Shift+F');
  const find = page.getByRole('search', { name: 'Find in the terminal' });
  await page.keyboard.type('needle-');
  const status = find.getByRole('status');
  await expect.poll(() => status.textContent()).toMatch(/^4 of 4$/);
  await find.getByRole('button', { name: 'Previous match' }).click();
  await expect.poll(() => status.textContent()).toBe('3 of 4');
  await find.getByRole('button', { name: 'Next match' }).click();
  await expect.poll(() => status.textContent()).toBe('4 of 4');
  await find.getByRole('searchbox').fill('no such thing');
  await expect.poll(() => status.textContent()).toBe('not found');
  await page.keyboard.press('Escape');
  expect(await find.count()).toBe(0);
  await type('echo "after: $((2+3))"');
  await printed('after: 5');
});

shells('selected text is copied with Ctrl+Shift+C and pasted with Ctrl+Shift+V', async () => {
  await openPage();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await openShell();
  await type('clear; echo "copied-$((3+4))"');
  await printed('copied-7');
  const place = await screen().getByText('copied-7').last().boundingBox();
  if (!place) throw new Error('The text has no place on the page.');
  await page.mouse.dblclick(place.x + 20, place.y + place.height / 2);
  await page.keyboard.press('Control+Shift+C');
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('copied-7');
  await page.keyboard.type('echo pasted:');
  await page.keyboard.press('Control+Shift+V');
  await page.keyboard.press('Enter');
  await printed('pasted:copied-7');
});

shells('a shell that ended says how, and another is one click away', async () => {
  await openPage();
  await openShell();
  await type('exit 3');
  await page.getByText('sh ended with exit code 3.').waitFor();
  await page.getByRole('button', { name: 'Open another' }).click();
  await tab(/sh 2/).waitFor();
  await tab(/sh 1/).focus();
  await page.keyboard.press('Delete');
  await tab(/sh 1/).waitFor({ state: 'detached' });
});

// All of it goes through the shell, the session, the page and its screen on whatever processor is left. What is promised is that it arrives, not when.
const floodLimitMs = 300_000;

shells(
  'fifty megabytes of lines leave the page alive, and all of them arrive',
  async () => {
    await openPage();
    await openShell();
    await type('yes | head -c 50000000; echo "done: $((1+1))"');
    await screen().getByText(/^y$/).first().waitFor();
    // The page answers while the flood runs: another view is opened and the palette, and the shell is still at work when that has been seen.
    await page.getByRole('button', { name: 'Inspect', exact: true }).click();
    await page.getByRole('region', { name: 'Queues' }).waitFor();
    await page.keyboard.press('Control+K');
    await page.getByPlaceholder('What shall be done?').waitFor();
    await page.keyboard.type('Show Terminal');
    await page.keyboard.press('Enter');
    await screen().getByText(/^y$/).first().waitFor();
    expect(await screen().getByText('done: 2').count()).toBe(0);
    await printed('done: 2', floodLimitMs);
  },
  2 * floodLimitMs,
);

shells('colours follow the theme', async () => {
  await openPage();
  await openShell();
  await type('printf "\\033[31mred:%d\\033[0m\\n" $((5+5))');
  const red = screen().getByText('red:10').first();
  await red.waitFor();
  const colour = () => red.evaluate((element) => getComputedStyle(element).color);
  await page.emulateMedia({ colorScheme: 'light' });
  await expect.poll(colour).toBe('rgb(179, 38, 30)');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(colour).toBe('rgb(242, 139, 130)');
});

test('without node-pty the view says why and what to do, and the console still works', async () => {
  const refusal = {
    code: 'not-available',
    message: 'Shells need node-pty, which could not be loaded: no binary.',
    remedy: 'Run `npm run setup`.',
  };
  await openPage({ loadPty: async () => err(refusal) });
  await page.getByText('Shells need node-pty, which could not be loaded: no binary. Run `npm run setup`.').waitFor();
  expect(await page.getByRole('button', { name: 'Shell', exact: true }).isDisabled()).toBe(true);
  open.target.speak('still here\r\n');
  await printed('still here');
});
