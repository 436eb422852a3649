// The built application on its lab, in a headless Chromium whose every picture has the same frame.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { checkout } from '../application.mjs';
import { smallPng } from './small-png.mjs';

const whole = { width: 1600, height: 1000 };
const onePanel = { width: 1280, height: 760 };

function chromiumPath() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const path = folders.map((folder) => join(folder, 'chromium')).find((candidate) => existsSync(candidate));
  if (!path) throw new Error('No Chromium is on PATH: `npm run setup` installs it.');
  return path;
}

/** Starts the application, its lab and the browser; pictures go into `folder`. Nothing of the user's settings or recordings is seen or touched. */
export async function openWindow(folder) {
  const { chromium } = await import('playwright-core');
  const own = mkdtempSync(join(tmpdir(), 'ringscope-pictures-'));
  const child = spawn(process.execPath, [join(checkout, 'out/main/web.js')], {
    env: { ...process.env, XDG_RUNTIME_DIR: own, XDG_DATA_HOME: own, XDG_CONFIG_HOME: own, RINGSCOPE_NO_WINDOW: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const address = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The application ended with ${code} before it said its address.`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /^Ringscope: (http:\S+)$/.exec(line)?.[1];
      if (found) resolve(found);
    });
  });
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: process.getuid() === 0 ? ['--no-sandbox'] : [] });
  const page = await browser.newPage({ viewport: whole, locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce', colorScheme: 'dark' });
  page.on('pageerror', (error) => process.stderr.write(`page: ${error}\n`));
  // A quarter of a core for looking: the lab's cores are translated, and shared with the browser.
  await page.addInitScript(() => {
    const kept = JSON.parse(localStorage.getItem('ringscope-layout') ?? '{"version": 2}');
    localStorage.setItem('ringscope-layout', JSON.stringify({ ...kept, budgetPercent: 25 }));
  });
  await page.goto(address);
  return new PictureWindow({
    page,
    folder,
    own,
    close: async () => {
      await browser.close();
      child.kill('SIGTERM');
      await ended;
      rmSync(own, { recursive: true, force: true });
    },
  });
}

/** The window as the scenes work it. */
class PictureWindow {
  constructor({ page, folder, own, close }) {
    this.page = page;
    this.folder = folder;
    this.own = own;
    this.close = close;
  }

  press(name) {
    return this.page.getByRole('button', { name, exact: true }).first().click();
  }

  panel(name) {
    return this.page.getByRole('region', { name, exact: true });
  }

  async layout(name) {
    // A layout that is first shown takes its proportions from the window's size.
    await this.page.setViewportSize(whole);
    await this.page.getByRole('navigation', { name: 'Layouts' }).getByRole('button', { name, exact: true }).click();
  }

  /** Whether this build of the window has such a panel. */
  async has(name) {
    return (await this.page.getByRole('button', { name: `${name} panel`, exact: true }).count()) > 0;
  }

  async show(name) {
    await this.press(`${name} panel`);
    await this.panel(name).waitFor();
    return this.panel(name);
  }

  /** Runs a command by its name in the palette. */
  async command(name) {
    await this.page.keyboard.press('Control+k');
    const field = this.page.locator('[cmdk-input]');
    await field.fill(name);
    await this.page.locator('[cmdk-item]', { hasText: name }).first().waitFor();
    await field.press('Enter');
    await field.waitFor({ state: 'detached' });
  }

  /** Lays the newest recording beside what was built. */
  keepRecording() {
    const recordings = join(this.own, 'ringscope', 'recordings');
    const newest = readdirSync(recordings)
      .filter((name) => name.endsWith('.mcap'))
      .sort()
      .at(-1);
    mkdirSync(join(checkout, 'out/pictures'), { recursive: true });
    if (newest) copyFileSync(join(recordings, newest), join(checkout, 'out/pictures/session.mcap'));
  }

  /** Time passes on the target: charts fill with it, and nothing in the window says when they are full. */
  letRun(seconds) {
    return this.page.waitForTimeout(seconds * 1000);
  }

  /** One instant in each theme: the screen stands still meanwhile. */
  async #inThemes(name, themes, shoot) {
    const pause = this.page.getByRole('button', { name: 'Pause', exact: true });
    const stands = themes.length > 1 && (await pause.isVisible()) && (await pause.isEnabled());
    if (stands) await pause.click();
    await this.page.mouse.move(0, 0);
    for (const theme of themes) {
      await this.page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      // Canvases are drawn anew in the next frames.
      await this.page.waitForTimeout(400);
      const path = join(this.folder, `${name}-${theme}.png`);
      writeFileSync(path, await smallPng(await shoot()));
      process.stdout.write(`  ${name}-${theme}.png, ${Math.round(statSync(path).size / 1024)} KiB\n`);
    }
    if (stands) await this.press('Go on');
    await this.page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  }

  /** All of the window. */
  async picture(name, themes = ['dark', 'light']) {
    await this.page.setViewportSize(whole);
    await this.letRun(1.5);
    await this.#inThemes(name, themes, () => this.page.screenshot());
  }

  /** A panel that has its layout for itself already. */
  async regionPicture(name, panel, themes, size) {
    await this.page.setViewportSize(size);
    await this.letRun(1.5);
    await this.#inThemes(name, themes, () => this.panel(panel).screenshot());
  }

  /** One panel that has the workbench for itself; `arrange` is what a person would do there. */
  async panelPicture(name, panel, themes, arrange = async () => undefined, size = onePanel) {
    await this.page.setViewportSize(size);
    const region = await this.show(panel);
    await region.evaluate((element) => element.focus());
    await this.page.keyboard.press('m');
    await arrange(region);
    await this.letRun(2);
    await this.page.evaluate(() => document.activeElement?.blur());
    await this.#inThemes(name, themes, () => region.screenshot());
    await region.evaluate((element) => element.focus());
    await this.page.keyboard.press('m');
  }
}
