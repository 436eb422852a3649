// The Machine and Doctor views in a real Chromium: a card that igb has is observed, taken after a question, and given back.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { typeInGuest } from '../support/guest-command.ts';
import { WindowPage } from '../support/page-objects.ts';
import { type OpenApplication, openInBrowser } from '../support/running-application.ts';

const card = '0000:01:00.0';
const limit = { timeout: 60_000 };
let application: OpenApplication;

beforeAll(async () => {
  application = await openInBrowser();
  const { page } = application;
  await page.evaluate(() => {
    const seen: string[] = [];
    Object.assign(window, { violations: seen });
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, sourceFile }) =>
      seen.push(`${violatedDirective} ${sourceFile}`),
    );
  });
  await new WindowPage(page).phase('live');
  await page.getByRole('button', { name: 'Machine', exact: true }).click();
  await page.locator(`tr[data-device="${card}"][data-driver="rigb"]`).waitFor(limit);
  // The lab's card goes to the in-tree driver, with a route that somebody would miss.
  await typeInGuest(
    application.runtimeDirectory,
    [
      `echo > /sys/bus/pci/devices/${card}/driver_override`,
      `echo ${card} > /sys/bus/pci/drivers/rigb/unbind`,
      `echo ${card} > /sys/bus/pci/drivers/igb/bind`,
      'sleep 1',
      '/usr/bin/ip addr replace 192.0.2.1/24 dev eth0',
      '/usr/bin/ip link set eth0 up',
      '/usr/bin/ip route replace default via 192.0.2.2 dev eth0',
    ].join('; '),
  );
  await page.locator(`tr[data-device="${card}"][data-driver="igb"]`).waitFor(limit);
  // The last of those commands: before it the card is down, and is taken without a question.
  await page.locator(`tr[data-device="${card}"] .holds`, { hasText: 'default route' }).waitFor(limit);
}, 240_000);
afterAll(() => application?.[Symbol.asyncDispose]());

const region = (name: string) => application.page.getByRole('region', { name, exact: true });

/** `RINGSCOPE_PICTURES` names a folder for pictures of what a test sees, for people. */
async function picture(name: string): Promise<void> {
  const folder = process.env.RINGSCOPE_PICTURES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  for (const theme of ['light', 'dark']) {
    await application.page.evaluate((wanted) => {
      document.documentElement.dataset.theme = wanted;
    }, theme);
    await application.page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
  }
}

test('a card under igb is observed: queues with NAPI and interrupt, its own statistics, its settings', async () => {
  const { page } = application;
  await page.getByRole('button', { name: card, exact: true }).click();
  const queue = region('Queues, NAPI, interrupts').locator('[data-queue="rx 0"]');
  await queue.waitFor(limit);
  expect(await queue.textContent()).toMatch(/RX 0\d{3,}\d+/);
  await region('Driver statistics').locator('tr[data-name="rx_packets"]').waitFor(limit);
  await region('Settings').getByText('256 of 4\u2009096').first().waitFor(limit);
  await region('Queues, NAPI, interrupts').getByText('igb offers no queue statistics').waitFor(limit);
  await picture('machine');
});

test('taking it asks first, and after a yes rigb has it until it is released', async () => {
  const { page } = application;
  const row = page.locator(`tr[data-device="${card}"]`);
  await row.getByRole('button', { name: 'Take', exact: true }).click();
  const dialog = page.getByRole('alertdialog');
  await dialog.getByText('default route').waitFor(limit);
  await picture('question');
  await dialog.getByRole('button', { name: 'Leave it' }).click();
  expect(await row.getAttribute('data-driver')).toBe('igb');
  await row.getByRole('button', { name: 'Take', exact: true }).click();
  await dialog.getByRole('button', { name: /^Take / }).click();
  await page.locator(`tr[data-device="${card}"][data-driver="rigb"]`).waitFor(limit);
  await row.getByText('lent by igb, eth0').waitFor(limit);
  await picture('lent');
  await row.getByRole('button', { name: 'Release' }).click();
  await page.locator(`tr[data-device="${card}"][data-driver="igb"]`).waitFor(limit);
  await row.getByRole('button', { name: 'Take', exact: true }).waitFor(limit);
});

test('the doctor has looked at this machine, and looks again', async () => {
  const { page } = application;
  await page.getByRole('button', { name: 'Doctor', exact: true }).click();
  await page.locator('[data-check="kernel"]').waitFor(limit);
  const states = await page.locator('[data-check]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-state')));
  expect(states.length).toBeGreaterThan(10);
  const before = await page.locator('.doctor header').getAttribute('data-checked');
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.waitForFunction((at) => document.querySelector('.doctor header')?.getAttribute('data-checked') !== at, before, limit);
  await picture('doctor');
});

const loadsModules = existsSync('/proc/modules');

test.skipIf(loadsModules)('on a kernel without module support, Build says that and what to do, before anything is compiled', async () => {
  const { page } = application;
  await page.getByRole('button', { name: 'Lab guest' }).click();
  await page.getByRole('menuitem', { name: /This machine, observed/ }).click();
  await page.getByRole('button', { name: 'Machine', exact: true }).click();
  const module = region('Driver module');
  await module.getByRole('button', { name: 'Build' }).click();
  const reason = module.getByRole('alert');
  await reason.waitFor(limit);
  expect(await reason.textContent()).toMatch(/This kernel loads no modules.*\/proc\/modules is missing.*CONFIG_MODULES=y/);
  expect(await module.getByRole('log').count()).toBe(0);
  expect(await module.getByRole('button', { name: 'Build' }).isEnabled()).toBe(true);
  await picture('build-refused');
});

test('nothing of it hurt the content security policy', async () => {
  expect(await application.page.evaluate(() => (window as unknown as { violations: string[] }).violations)).toEqual([]);
});
