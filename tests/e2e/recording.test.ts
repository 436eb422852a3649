// A session of the real guest is recorded, the application is killed, and the next one shows what was recorded, to the byte.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { streams } from '#common/frame.ts';
import { readSample } from '#common/layouts/sample.ts';
import { readRingSnapshot } from '#common/layouts/snapshot.ts';
import type { EventOf } from '#common/protocol.ts';
import { descriptorHex } from '#common/rings/ring-backend.ts';
import { RecordingReader } from '../../main/node/recording/recording-reader.ts';
import { WindowPage } from '../support/page-objects.ts';
import { type OpenApplication, openInBrowser } from '../support/running-application.ts';

const data = mkdtempSync(join(tmpdir(), 'ringscope-e2e-data-'));
const environment = { XDG_DATA_HOME: data, XDG_CONFIG_HOME: join(data, 'config') };
const folder = join(data, 'ringscope', 'recordings');
let application: OpenApplication;
let reader: RecordingReader;
const pageErrors: string[] = [];

/** Records for some seconds with both rings on the screen, then dies as from kill -9. */
async function recordAndDie(): Promise<void> {
  await using first = await openInBrowser(environment);
  await new WindowPage(first.page).phase('live');
  const { page } = first;
  await page.locator('[data-testid="statistic"][data-name="RX packets"]').first().waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Recordings', exact: true }).click();
  await page.getByRole('button', { name: 'Record with what was kept' }).click();
  await page.getByRole('button', { name: 'Inspect', exact: true }).click();
  await page.waitForFunction(
    () => /^00:(0[6-9]|[1-9]\d)/.test(document.querySelector('[data-testid="recording-size"]')?.textContent ?? ''),
    null,
    { timeout: 60_000 },
  );
  process.kill(first.processId, 'SIGKILL');
  await first.ended;
}

beforeAll(async () => {
  await recordAndDie();
  const [name = ''] = readdirSync(folder).filter((file) => file.endsWith('.mcap'));
  const opened = await RecordingReader.open(join(folder, name));
  if (!opened.ok) throw new Error(opened.error);
  reader = opened.value;
  application = await openInBrowser(environment);
  application.page.on('pageerror', (error) => void pageErrors.push(error.message));
  application.page.on('console', (message) => {
    if (message.type() === 'error') pageErrors.push(message.text());
  });
}, 240_000);
afterAll(async () => {
  await reader?.close();
  await application?.[Symbol.asyncDispose]();
  rmSync(data, { recursive: true, force: true });
});

const received = (page: Page) => page.locator('[data-testid="statistic"][data-name="RX packets"]').first();

/** What the recording itself says of an instant, read without the session. */
async function recordedAt(instant: bigint): Promise<{ packets: number; raw: string }> {
  const newest = await reader.newest(streams.sample, instant);
  const sample = newest && readSample(newest.payload);
  if (!newest || !sample?.ok) throw new Error('No sample lies before this instant.');
  let table: EventOf<'table'> | undefined;
  for await (const { payload } of reader.between(streams.control, -1n, newest.timeNs)) {
    const event = JSON.parse(Buffer.from(payload).toString()) as EventOf<'table'>;
    if (event.type === 'table') table = event;
  }
  const column =
    table?.counters.findIndex(({ source, name, interface: on }) => source === 'network_stats' && name === 'RX packets' && on === 'eth0') ??
    -1;
  for await (const { payload } of reader.backwards(streams.ring, instant, -1n)) {
    const ring = readRingSnapshot(payload);
    if (ring.ok && ring.value.kind === 'rx' && ring.value.index === 0)
      return { packets: Number(sample.value.counters[column] ?? -1n), raw: descriptorHex(ring.value, 1) };
  }
  throw new Error('No ring lies before this instant.');
}

/** Waits until the window shows exactly what was recorded at an instant. */
async function showsInstant(instant: bigint): Promise<void> {
  const { packets, raw } = await recordedAt(instant);
  const row = application.page.getByRole('region', { name: 'Descriptors', exact: true }).locator('[role="row"][data-index="1"]');
  await expect
    .poll(
      async () => ({
        packets: Number(((await received(application.page).textContent()) ?? '').replaceAll(/[^\d]/g, '')),
        raw: await row.getAttribute('data-raw'),
      }),
      { timeout: 60_000 },
    )
    .toEqual({ packets, raw });
}

test('the recording of a killed application is listed as not ended, and opens', async () => {
  const { page } = application;
  await page.getByRole('button', { name: 'Recordings', exact: true }).click();
  await page.locator(`[data-recording="${reader.name}"]`).getByText('not ended').waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: `Open ${reader.name}` }).click();
  await page.getByRole('slider', { name: 'Position in the recording' }).waitFor({ timeout: 60_000 });
  expect(await page.getByTestId('replay-remark').getAttribute('aria-label')).toContain('was not ended');
  // Killed between two chunks, it lost a second or two of what it had shown by then.
  expect(Number(reader.endNs - reader.startNs) / 1e9).toBeGreaterThan(4);
});

test('at its end, near its start and between, every number and every descriptor is the recorded one', async () => {
  const slider = application.page.getByRole('slider', { name: 'Position in the recording' });
  const pause = application.page.getByRole('button', { name: 'Pause' });
  if (await pause.isVisible()) await pause.click();
  await slider.focus();
  await slider.press('End');
  await showsInstant(reader.endNs);
  await slider.press('ArrowLeft');
  await slider.press('ArrowLeft');
  await showsInstant(reader.endNs - 2_000_000_000n);
  await slider.press('Home');
  await slider.press('ArrowRight');
  await showsInstant(reader.startNs + 1_000_000_000n);
  await application.page
    .getByRole('region', { name: 'Kernel log', exact: true })
    .getByText('link up, 1000 Mb/s')
    .first()
    .waitFor({ timeout: 60_000 });
});

test('it plays, and what would change something is refused in words', async () => {
  const { page } = application;
  const before = Number(((await received(page).textContent()) ?? '').replaceAll(/[^\d]/g, ''));
  await page.getByLabel('Speed').selectOption('4');
  await page.getByRole('button', { name: 'Play' }).click();
  await expect
    .poll(async () => Number(((await received(page).textContent()) ?? '').replaceAll(/[^\d]/g, '')), { timeout: 60_000 })
    .toBeGreaterThan(before + 1000);
  expect(await page.getByRole('button', { name: 'Unload driver' }).isDisabled()).toBe(true);
  await (await new WindowPage(page).showPanel('Traffic')).getByRole('button', { name: 'Apply' }).click();
  await page.getByText('This is a recording.').first().waitFor({ timeout: 60_000 });
  expect(pageErrors).toEqual([]);
});

test('the way back to the live lab is one choice', async () => {
  await application.page.getByRole('button', { name: 'Recording', exact: true }).click();
  await application.page.getByRole('menuitem', { name: /Lab guest/ }).click();
  await application.page.getByRole('slider', { name: 'Position in the recording' }).waitFor({ state: 'detached', timeout: 60_000 });
  const window = new WindowPage(application.page);
  await window.phase('live');
  await window.showPanel('Statistics');
  await expect.poll(() => received(application.page).textContent(), { timeout: 60_000 }).toMatch(/\d/);
});
