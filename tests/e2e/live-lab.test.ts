// The main job, as a user sees it: the built application, a real Chromium, the real guest with the real driver.
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { typeInGuest } from '../support/guest-command.ts';
import { RunningApplication } from '../support/running-application.ts';

let application: RunningApplication;

beforeAll(async () => {
  application = await RunningApplication.start();
  await application.phase('live');
}, 180_000);
afterAll(() => application?.[Symbol.asyncDispose]());

const panel = (name: string) => application.page.getByRole('region', { name, exact: true });

/** Waits until what `read` gives satisfies `wanted`; the page is asked again with each animation frame that the browser paints. */
async function eventually<T>(read: () => Promise<T>, wanted: (value: T) => boolean, what: string): Promise<T> {
  const limit = Date.now() + 60_000;
  for (;;) {
    const value = await read().catch(() => null);
    if (value !== null && wanted(value)) return value;
    if (Date.now() > limit) throw new Error(`${what}; last seen: ${JSON.stringify(value)}`);
    await application.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

const receivedFrames = async (): Promise<number> => {
  const text = await application.page.locator('[data-testid="statistic"][data-name="RX packets"]').first().textContent({ timeout: 2000 });
  return Number((text ?? '').replaceAll(/[^\d]/g, ''));
};

/** Every process that the application started and that still runs, whoever started it in between: process id → command line. */
function startedProcesses(): Map<number, string> {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = Number(/^PPid:\s*(\d+)/m.exec(procFile(name, 'status'))?.[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = new Map<number, string>();
  const add = (pid: number) => {
    for (const child of children.get(pid) ?? []) {
      found.set(child, procFile(child, 'cmdline').replaceAll('\0', ' '));
      add(child);
    }
  };
  add(application.process.pid ?? 0);
  return found;
}

/** A file of a process; empty when the process is gone. */
function procFile(pid: number | string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

test('the header names driver, card, address and link', async () => {
  const header = application.page.getByRole('banner');
  await eventually(
    async () => (await header.textContent()) ?? '',
    (text) => ['rigb', '0000:01:00.0', '52:54:00:00:00:01', '1000 Mb/s'].every((word) => text.includes(word)),
    'the header did not name the device under test',
  );
});

test('frames are counted', async () => {
  const before = await eventually(receivedFrames, (count) => count > 0, 'no frame was counted');
  await eventually(receivedFrames, (count) => count > before + 1000, 'the count of frames did not rise');
});

test('a descriptor row changes as the card writes it', async () => {
  const row = panel('Descriptors').locator('[role="row"][data-index="1"]');
  const raw = () => row.getAttribute('data-raw', { timeout: 2000 });
  const before = await eventually(raw, (value) => value !== null && /^[0-9a-f]{32}$/.test(value), 'the row shows no raw bytes');
  await eventually(raw, (value) => value !== before, 'the row did not change');
});

test('interrupt counts rise', async () => {
  const total = async () =>
    Number(
      (
        (await panel('Interrupts')
          .locator('[role="row"][data-name="rigb-TxRx-0"] [data-testid="interrupt-total"]')
          .textContent({ timeout: 2000 })) ?? ''
      ).replaceAll(/[^\d]/g, ''),
    );
  const before = await eventually(total, (count) => count > 0, 'no interrupt was counted');
  await eventually(total, (count) => count > before, 'the count of interrupts did not rise');
});

test('a line written to /dev/kmsg in the guest appears in the log panel', async () => {
  const words = `a line of the test ${process.pid}`;
  await typeInGuest(application.runtimeDirectory, `echo "<5>${words}" > /dev/kmsg`);
  await panel('Kernel log').getByText(words).first().waitFor({ timeout: 30_000 });
});

test('the driver is unloaded and loaded from the window, and the kernel says so', async () => {
  const state = application.page.getByTestId('module-state');
  const log = panel('Kernel log');
  await application.page.getByRole('button', { name: 'Unload driver' }).click();
  await eventually(
    () => state.textContent(),
    (text) => text === 'absent',
    'the driver was not unloaded',
  );
  await log.getByText('releasing the port').first().waitFor({ timeout: 30_000 });
  await application.page.getByRole('button', { name: 'Load driver' }).first().click();
  await eventually(
    () => state.textContent(),
    (text) => text === 'live',
    'the driver was not loaded',
  );
  await eventually(
    () => log.getByText('82576 at 52:54:00:00:00:01').count(),
    (count) => count > 0,
    'the kernel did not tell of the driver',
  );
});

test('the guest’s console answers what is typed into its tab, and a shell beside it answers as this machine', async () => {
  const { page } = application;
  const printed = (text: string) => page.locator('.xterm-rows').getByText(text).first().waitFor({ timeout: 30_000 });
  const type = async (line: string) => {
    await page.locator('textarea.xterm-helper-textarea:focus').waitFor({ state: 'attached' });
    await page.keyboard.type(line);
    await page.keyboard.press('Enter');
  };
  try {
    await page.getByRole('button', { name: 'Terminal', exact: true }).click();
    await page.getByRole('tab', { name: 'Guest console' }).click();
    await type('echo "guest: $((6*7)) $(cat /sys/class/net/eth0/address)"');
    await printed('guest: 42 52:54:00:00:00:01');
    await page.getByRole('button', { name: 'Shell', exact: true }).click();
    await type('echo "here: $((5*5))"');
    await printed('here: 25');
  } finally {
    await page.getByRole('button', { name: 'Inspect', exact: true }).click();
  }
});

test('an agent that dies is followed by another, and the window goes on by itself', async () => {
  const before = await eventually(receivedFrames, (count) => count > 0, 'no frame was counted');
  await typeInGuest(application.runtimeDirectory, 'killall -9 ringscope-agent');
  await eventually(receivedFrames, (count) => count > before + 1000, 'the count of frames did not go on');
});

test('a guest that panics is shown with its last words, and one click brings it back', async () => {
  await typeInGuest(application.runtimeDirectory, 'echo c > /proc/sysrq-trigger');
  await application.phase('failed');
  await application.page
    .getByText(/Kernel panic/)
    .first()
    .waitFor({ timeout: 10_000 });
  await application.page.getByRole('button', { name: 'Restart the lab' }).first().click();
  await application.phase('live');
  await eventually(receivedFrames, (count) => count > 0, 'no frame was counted after the restart');
});

test('a QEMU that dies is shown in words, and one click brings it back', async () => {
  const guests = [...startedProcesses()].filter(([, command]) => command.startsWith('qemu-system'));
  expect(guests.length).toBe(1);
  for (const [pid] of guests) process.kill(pid, 'SIGKILL');
  await application.phase('failed');
  await application.page.getByText('QEMU has ended').first().waitFor({ timeout: 10_000 });
  await application.page.getByRole('button', { name: 'Restart the lab' }).first().click();
  await application.phase('live');
});

test('an application that is killed leaves no process behind', async () => {
  const started = startedProcesses();
  expect([...started.values()].some((command) => command.startsWith('qemu-system'))).toBe(true);
  application.process.kill('SIGKILL');
  await eventually(
    async () => [...started].filter(([pid, command]) => procFile(pid, 'cmdline').replaceAll('\0', ' ') === command),
    (left) => left.length === 0,
    'a process of the application was left',
  );
});
