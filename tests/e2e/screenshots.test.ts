// How the window looks, in both themes: on a recording that stands at its end, so that every run draws the same. Where this machine draws letters otherwise than
// the one where the pictures were made, pictures are not compared; what needs no kept picture is judged everywhere.
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compare, drawingOf, forgetDrawn, whyNotHere } from '../support/kept-pictures.ts';
import { launchDrawing, RecordedWindow } from '../support/recorded-window.ts';
import { visualFaults } from '../support/visual-faults.ts';

const recording = join(import.meta.dirname, '../fixtures/screenshots/session.mcap');
const themes = ['dark', 'light'] as const;
// Terminal and Doctor show the machine that runs the test: they are judged, not compared.
const pictured = ['Inspect', 'Machine', 'Alerts', 'Recordings'] as const;
const judged = [...pictured, 'Lab', 'Terminal', 'Doctor'] as const;
const behind = ['Overview', 'Registers', 'Traffic'] as const;
const sizes = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
] as const;

const data = mkdtempSync(join(tmpdir(), 'ringscope-screenshots-'));
const folder = join(data, 'ringscope', 'recordings');
let shown: RecordedWindow;
let notHere: string | null;

beforeAll(async () => {
  // The list of recordings holds this one, and none of whoever runs the test.
  mkdirSync(folder, { recursive: true });
  copyFileSync(recording, join(folder, 'session.mcap'));
  process.env.XDG_DATA_HOME = data;
  process.env.XDG_CONFIG_HOME = join(data, 'config');
  forgetDrawn();
  const browser = await launchDrawing();
  notHere = whyNotHere(await drawingOf(browser));
  await browser.close();
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

/** A window of their own for the tests that follow: where panels stand depends on what was done in a window before. */
function openBefore(): void {
  beforeAll(async () => {
    shown = await RecordedWindow.open(join(folder, 'session.mcap'));
    await shown.goToEnd();
  });
  afterAll(() => shown?.[Symbol.asyncDispose]());
}

/** The same picture twice: what was asked for has arrived and was drawn. */
async function settled(page: Page): Promise<Buffer> {
  // What is measured of this run.
  const mask = [page.locator('.status-bar')];
  // The folder it runs in is as long as this machine makes it. A sheet, because the panel may be made only now.
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('.recordings-folder { visibility: hidden; }');
    document.adoptedStyleSheets = [sheet];
  });
  const limit = Date.now() + 30_000;
  let before: Buffer = Buffer.alloc(0);
  for (;;) {
    const now = await page.screenshot({ animations: 'disabled', mask, maskColor: '#808080' });
    if (now.equals(before)) return now;
    if (Date.now() > limit) throw new Error('The window does not come to rest.');
    before = now;
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 700)));
  }
}

describe.each(themes)('in the %s theme', (theme) => {
  openBefore();
  beforeAll(() => shown.theme(theme));

  test.for(pictured)('%s looks as it did', async (name, { skip }) => {
    await shown.layout(name);
    const difference = await compare(`${name.toLowerCase()}-${theme}`, await settled(shown.page));
    // Drawn all the same, so that it can be accepted.
    if (notHere !== null) skip(notHere);
    expect(difference).toBeNull();
  });
});

describe.each(themes)('in the %s theme', (theme) => {
  openBefore();
  beforeAll(() => shown.theme(theme));

  test.for(judged)('in %s nothing is cut, covered or hard to read', async (name) => {
    await shown.layout(name);
    for (const size of sizes) {
      await shown.page.setViewportSize(size);
      await settled(shown.page);
      expect(await visualFaults(shown.page), `${size.width}×${size.height}`).toEqual([]);
    }
    await shown.page.setViewportSize(sizes[0]);
  });

  test.for(behind)('nor in %s, which lies behind another panel', async (name) => {
    await shown.layout('Inspect');
    await shown.page.getByRole('button', { name: `${name} panel`, exact: true }).click();
    await shown.page.getByRole('region', { name, exact: true }).waitFor();
    await settled(shown.page);
    expect(await visualFaults(shown.page)).toEqual([]);
  });
});

test('what is cut, covered or pale is found', async () => {
  await using faulty = await RecordedWindow.open(recording);
  await faulty.page.evaluate(() => {
    const place = document.createElement('section');
    place.setAttribute('aria-label', 'faulty');
    Object.assign(place.style, { position: 'fixed', inset: '0', zIndex: '50', background: 'var(--surface)' });
    const put = (words: string, style: Partial<CSSStyleDeclaration>) => {
      const element = document.createElement('div');
      element.textContent = words;
      Object.assign(element.style, { position: 'absolute', whiteSpace: 'nowrap', ...style });
      place.append(element);
    };
    put('a text that is cut', { top: '10px', width: '40px', overflow: 'hidden' });
    put('a text whose rest nobody tells', { top: '40px', width: '40px', overflow: 'hidden', textOverflow: 'ellipsis' });
    put('below', { top: '70px' });
    put('above', { top: '70px' });
    put('pale', { top: '100px', color: 'color-mix(in srgb, var(--text) 30%, var(--surface))' });
    document.body.append(place);
  });
  const found = (await visualFaults(faulty.page)).filter((fault) => fault.includes('faulty'));
  await faulty.page.evaluate(() => document.querySelector('[aria-label="faulty"]')?.remove());
  expect(found.map((fault) => /“([^”]*)”/.exec(fault)?.[1])).toEqual([
    'a text that is cut',
    'a text whose rest nobody tells',
    'below',
    'pale',
  ]);
});
