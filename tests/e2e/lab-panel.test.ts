// The lab as a user works it: cables and cards pulled and put back, drivers swapped under traffic, and a crash that loses nothing of what was seen.
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, WindowPage } from '../support/page-objects.ts';
import { type OpenApplication, openInBrowser } from '../support/running-application.ts';

let application: OpenApplication;
let window: WindowPage;

beforeAll(async () => {
  application = await openInBrowser();
  window = new WindowPage(application.page);
  await window.phase('live');
  await window.press('Lab');
  await window.panel('Lab').waitFor();
}, 180_000);
afterAll(() => application?.[Symbol.asyncDispose]());

const port = (index: 0 | 1): Locator => window.panel(`Port ${index}`);
const press = (name: string, within: Locator) => within.getByRole('button', { name, exact: true }).click();
const confirm = (name: string) => press(name, application.page.getByRole('alertdialog'));
const has = (index: 0 | 1, text: string) => port(index).getByTestId('port-link').getByText(text).waitFor({ timeout: 60_000 });
const drives = (index: 0 | 1, driver: string) =>
  port(index).locator(`button[aria-pressed="true"]:text-is("${driver}")`).waitFor({ timeout: 60_000 });

/** A cell of Side by side as it is shown. */
const compared = (name: string, index: 0 | 1) =>
  window.panel('Side by side').locator(`tr[data-name="${name}"] td[data-port="${index}"]`).textContent({ timeout: 2000 });
const rate = (text: string | null) => Number((text ?? '').replaceAll(/[^\d]/g, ''));
const flows = (name: string, index: 0 | 1, least = 100) =>
  eventually(
    application.page,
    () => compared(name, index),
    (text) => rate(text) >= least,
    `${name} of port ${index} did not reach ${least} a second`,
  );

/** Asks for what the form says, and waits until the senders have begun. */
async function applyTraffic(): Promise<void> {
  const start = window.panel('Traffic').getByRole('button', { name: /^(Start|Apply)$/ });
  // Disabled while a port is made anew or another start is under way.
  await start.click({ timeout: 90_000 });
  await window.panel('Traffic').getByRole('button', { name: /…$/ }).waitFor({ state: 'detached', timeout: 60_000 });
}

/** Starts the traffic once it can be: a port that was made anew has to come up first. */
async function startTraffic(direction: string): Promise<void> {
  const traffic = window.panel('Traffic');
  await traffic.getByLabel('Direction').selectOption(direction);
  await applyTraffic();
  await traffic.getByText(/sent by pktgen/).waitFor({ timeout: 60_000 });
}

test('both ports stand side by side with their drivers, and what one sends the other receives', async () => {
  await drives(0, 'rigb');
  await drives(1, 'igb');
  await flows('Received', 0);
  await flows('Sent', 1);
  await flows('Interrupts', 0, 1);
  await eventually(
    application.page,
    () => compared('NAPI polls', 0),
    (text) => rate(text) > 0,
    'no poll of rigb was counted',
  );
  expect(await compared('NAPI polls', 1)).toBe('–');
});

test('a cable that is pulled takes the link, and put in again brings it back', async () => {
  await press('Pull cable', port(0));
  await has(0, '✕ link down');
  await press('Put cable in', port(0));
  await has(0, '● 1000 Mb/s full');
});

test('a card is unplugged only after a yes, and comes back to the driver that had it', async () => {
  await press('Unplug…', port(0));
  await confirm('Leave it');
  await press('Unplug…', port(0));
  await confirm('Unplug port 0');
  await has(0, '○ no card in the slot');
  await press('Plug in', port(0));
  await drives(0, 'rigb');
  await has(0, '● 1000 Mb/s full');
  await startTraffic('both');
  await flows('Received', 0);
  await flows('Received', 1);
});

test('the partner’s port is given to rigb and carries frames beside ours', async () => {
  await press('rigb', port(1));
  await drives(1, 'rigb');
  await has(1, '●');
  await startTraffic('both');
  await flows('Received', 1);
  await flows('Sent', 1);
});

test('the port under test is given to igb, and what rigb alone counts is a dash', async () => {
  await press('igb', port(0));
  await drives(0, 'igb');
  await has(0, '●');
  await startTraffic('receive');
  await flows('Received', 0);
  expect(await compared('NAPI polls', 0)).toBe('–');
});

test('damaged frames are sent, and the panel says by whom', async () => {
  const traffic = window.panel('Traffic');
  await traffic.getByLabel('Damage').selectOption('udp-checksum');
  await applyTraffic();
  await traffic.getByText(/sent by damaged frames on/).waitFor({ timeout: 60_000 });
});

test('a crash shows the kernel’s last words, keeps what was seen, and one click begins anew', async () => {
  const { page } = application;
  await press('Crash the guest…', window.panel('Guest'));
  await page.getByText('everything in the guest’s memory is lost').waitFor();
  await confirm('Crash the guest');
  await window.phase('failed');
  await page
    .getByText(/Kernel panic - not syncing: sysrq triggered crash/)
    .first()
    .waitFor();
  await window.press('Show what was last seen');
  await window.logLine('the guest is crashed on request').first().waitFor({ timeout: 60_000 });
  await press('Restart the lab', page.getByRole('alert'));
  await window.phase('live');
  await drives(0, 'rigb');
  await has(0, '● 1000 Mb/s full');
});
