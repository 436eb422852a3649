// The main job, as a user sees it: the built application, the real guest with the real driver, in a real Chromium and, where its binary is, in Electron.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noElectron, openInElectron } from '../support/electron-application.ts';
import { typeInGuest } from '../support/guest-command.ts';
import { eventually, WindowPage } from '../support/page-objects.ts';
import { commandLine, descendants } from '../support/process-tree.ts';
import { type OpenApplication, openInBrowser } from '../support/running-application.ts';

function mainJob(open: () => Promise<OpenApplication>): void {
  let application: OpenApplication;
  let window: WindowPage;

  beforeAll(async () => {
    application = await open();
    window = new WindowPage(application.page);
    await window.phase('live');
  }, 180_000);
  afterAll(() => application?.[Symbol.asyncDispose]());

  const until = <T>(read: () => Promise<T>, wanted: (value: T) => boolean, what: string) =>
    eventually(application.page, read, wanted, what);
  const receivedFrames = () => window.statistic('RX packets');

  test('the header names driver, card, address and link', async () => {
    const facts = ['rigb', '0000:01:00.0', '52:54:00:00:00:01', '1000 Mb/s'];
    await until(
      () => window.headerText(),
      (text) => facts.every((word) => text.includes(word)),
      'the header did not name the device under test',
    );
  });

  test('frames are counted', async () => {
    const before = await until(receivedFrames, (count) => count > 0, 'no frame was counted');
    await until(receivedFrames, (count) => count > before + 1000, 'the count of frames did not rise');
  });

  test('a descriptor row changes as the card writes it', async () => {
    const raw = () => window.rawDescriptor(1);
    const before = await until(raw, (value) => value !== null && /^[0-9a-f]{32}$/.test(value), 'the row shows no raw bytes');
    await until(raw, (value) => value !== before, 'the row did not change');
  });

  test('interrupt counts rise', async () => {
    const total = () => window.interrupts('rigb-TxRx-0');
    const before = await until(total, (count) => count > 0, 'no interrupt was counted');
    await until(total, (count) => count > before, 'the count of interrupts did not rise');
  });

  test('a line written to /dev/kmsg in the guest appears in the log panel', async () => {
    const words = `a line of the test ${process.pid}`;
    await typeInGuest(application.runtimeDirectory, `echo "<5>${words}" > /dev/kmsg`);
    await window.logLine(words).first().waitFor({ timeout: 60_000 });
  });

  test('the driver is unloaded and loaded from the window, and the kernel says so', async () => {
    await window.press('Unload driver');
    await until(
      () => window.moduleState(),
      (text) => text === 'absent',
      'the driver was not unloaded',
    );
    await window.logLine('releasing the port').first().waitFor({ timeout: 60_000 });
    await window.press('Load driver');
    await until(
      () => window.moduleState(),
      (text) => text === 'live',
      'the driver was not loaded',
    );
    await until(
      () => window.logLine('82576 at 52:54:00:00:00:01').count(),
      (count) => count > 0,
      'the kernel did not tell of the driver',
    );
  });

  test('the guest’s console answers what is typed into its tab, and a shell beside it answers as this machine', async () => {
    const { page } = application;
    const printed = (text: string) => page.locator('.xterm-rows').getByText(text).first().waitFor({ timeout: 60_000 });
    const type = async (line: string) => {
      await page.locator('textarea.xterm-helper-textarea:focus').waitFor({ state: 'attached' });
      await page.keyboard.type(line);
      await page.keyboard.press('Enter');
    };
    try {
      await window.press('Terminal');
      await page.getByRole('tab', { name: 'Guest console' }).click();
      await type('echo "guest: $((6*7)) $(cat /sys/class/net/eth0/address)"');
      await printed('guest: 42 52:54:00:00:00:01');
      await window.press('Shell');
      // The console has the focus until the shell is there.
      await page.getByRole('tab', { name: 'Guest console', selected: false }).waitFor();
      await type('echo "here: $((5*5))"');
      await printed('here: 25');
    } finally {
      await window.press('Inspect');
    }
  });

  test('an agent that dies is followed by another, and the window goes on by itself', async () => {
    const before = await until(receivedFrames, (count) => count > 0, 'no frame was counted');
    await typeInGuest(application.runtimeDirectory, 'killall -9 ringscope-agent');
    await until(receivedFrames, (count) => count > before + 1000, 'the count of frames did not go on');
  });

  test('a guest that panics is shown with its last words, and one click brings it back', async () => {
    await typeInGuest(application.runtimeDirectory, 'echo c > /proc/sysrq-trigger');
    await window.phase('failed');
    await application.page
      .getByText(/Kernel panic/)
      .first()
      .waitFor({ timeout: 60_000 });
    await window.press('Restart the lab');
    await window.phase('live');
    await until(receivedFrames, (count) => count > 0, 'no frame was counted after the restart');
  });

  test('a QEMU that dies is shown in words, and one click brings it back', async () => {
    const guests = [...descendants(application.processId)].filter(([, command]) => command.startsWith('qemu-system'));
    expect(guests.length).toBe(1);
    for (const [pid] of guests) process.kill(pid, 'SIGKILL');
    await window.phase('failed');
    await application.page.getByText('QEMU has ended').first().waitFor({ timeout: 60_000 });
    await window.press('Restart the lab');
    await window.phase('live');
  });

  test('an application that is killed leaves no process behind', async () => {
    const started = descendants(application.processId);
    expect([...started.values()].some((command) => command.startsWith('qemu-system'))).toBe(true);
    process.kill(application.processId, 'SIGKILL');
    await expect
      .poll(() => [...started].filter(([pid, command]) => commandLine(pid) === command), { timeout: 60_000, interval: 50 })
      .toEqual([]);
  });
}

describe('in a browser window', () => mainJob(openInBrowser));

describe.skipIf(noElectron !== null)(`in Electron${noElectron ? ` (skipped: ${noElectron})` : ''}`, () => mainJob(openInElectron));
