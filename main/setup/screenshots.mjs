#!/usr/bin/env node
// `npm run screenshots`: the window in both themes under real traffic, from the real lab, into assets/screenshots.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { checkout } from './application.mjs';
import { prepare } from './prepare.mjs';
import { reportFailure } from './progress.mjs';

const folder = join(checkout, 'assets/screenshots');
const sizes = [
  { name: '1280x720', width: 1280, height: 720 },
  { name: '1920x1080', width: 1920, height: 1080 },
];

async function takeAll(address) {
  const { chromium } = await import('playwright-core');
  const executablePath = (process.env.PATH ?? '')
    .split(delimiter)
    .map((path) => join(path, 'chromium'))
    .find((path) => existsSync(path));
  const browser = await chromium.launch({ executablePath, args: process.getuid() === 0 ? ['--no-sandbox'] : [] });
  const page = await browser.newPage({ viewport: sizes[0] });
  page.on('pageerror', (error) => process.stderr.write(`page: ${error}\n`));
  page.on('console', (message) => {
    if (message.type() === 'error') process.stderr.write(`page: ${message.text()}\n`);
  });
  await page.goto(address);
  await page.screenshot({ path: join(folder, 'booting.png') });
  await page.waitForFunction(() => document.documentElement.dataset.phase === 'live', null, { timeout: 90_000 });
  // Enough samples for the charts to show something.
  await page.waitForTimeout(15_000);
  for (const theme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: theme });
    for (const { name, width, height } of sizes) {
      await page.setViewportSize({ width, height });
      await page.waitForTimeout(1500);
      await page.screenshot({ path: join(folder, `${theme}-${name}.png`) });
    }
  }
  await page.setViewportSize(sizes[0]);
  const press = (name) => page.getByRole('button', { name, exact: true }).first().click();
  await press('Machine');
  await page.waitForTimeout(3000);
  await inBothThemes(page, 'machine');
  await press('Inspect');
  await press('Record');
  await page.waitForTimeout(12_000);
  await press('Stop recording');
  await press('Recordings');
  await page
    .getByRole('button', { name: /^Open / })
    .first()
    .click();
  const slider = page.getByRole('slider', { name: 'Position in the recording' });
  await slider.waitFor();
  await press('Inspect');
  await slider.focus();
  await slider.press('End');
  await page.waitForTimeout(1500);
  await inBothThemes(page, 'recording');
  await browser.close();
}

async function inBothThemes(page, name) {
  for (const theme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: theme });
    await page.waitForTimeout(500);
    await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
  }
}

const runtimeDirectory = mkdtempSync(join(tmpdir(), 'ringscope-screenshots-'));
try {
  await prepare();
  mkdirSync(folder, { recursive: true });
  const child = spawn(process.execPath, [join(checkout, 'out/main/web.js')], {
    env: {
      ...process.env,
      XDG_RUNTIME_DIR: runtimeDirectory,
      XDG_DATA_HOME: runtimeDirectory,
      XDG_CONFIG_HOME: runtimeDirectory,
      RINGSCOPE_NO_WINDOW: '1',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const address = await new Promise((resolve) =>
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^Ringscope: (http:\S+)$/.exec(line)?.[1];
      if (found) resolve(found);
    }),
  );
  await takeAll(address);
  child.kill('SIGTERM');
  await ended;
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
} finally {
  rmSync(runtimeDirectory, { recursive: true, force: true });
}
