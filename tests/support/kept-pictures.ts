// Pictures of the window that a person accepted, and how those of today differ from them.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pixelmatch from 'pixelmatch';
import type { Browser } from 'playwright-core';
import { PNG } from 'pngjs';
import { smallPng } from '../../main/setup/pictures/small-png.mjs';

const checkout = join(import.meta.dirname, '../..');
const kept = join(checkout, 'tests/fixtures/screenshots');
/** Where what was drawn is laid, and what `npm run pictures -- accept` takes. */
const out = join(checkout, 'out/screenshots');

// A pixel counts as another one from this distance on, of 1 between black and white; edges of letters and lines that moved by less than a pixel do not count.
const pixelThreshold = 0.1;
// So many pixels of a picture may be others: less than a digit.
const pixelsAllowed = 10;

/** What a machine chooses for itself: letters, signs and controls, in both faces of the window. */
const probe = `<!doctype html><meta charset="utf-8"><style>
body { margin: 8px; font: 13px/1.4 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
code { font: 12px "DejaVu Sans Mono", monospace; } button, input, select { font: inherit; }
</style><body>Handgloves 0123456789 ▲▼▽◆●✕✓▸ → × − … “”
<p><strong>Handgloves</strong> <code>0123 abcd ▲▼▽◆</code></p>
<p><button>Button</button> <input value="text"> <input type="checkbox" checked> <select><option>select</option></select></p>`;

/** How this machine's Chromium draws, as a short text: where it differs, kept pictures say nothing. */
export async function drawingOf(browser: Browser): Promise<{ readonly chromium: string; readonly probe: string }> {
  const page = await browser.newPage({ viewport: { width: 640, height: 160 }, deviceScaleFactor: 1, colorScheme: 'light' });
  await page.setContent(probe);
  const { data } = PNG.sync.read(await page.screenshot());
  await page.close();
  return { chromium: browser.version(), probe: createHash('sha256').update(data).digest('hex').slice(0, 16) };
}

/** Why the kept pictures cannot be compared with here, or null. */
export function whyNotHere(here: { readonly chromium: string; readonly probe: string }): string | null {
  mkdirSync(join(out, 'actual'), { recursive: true });
  writeFileSync(join(out, 'actual', 'drawn-with.json'), `${JSON.stringify(here, null, 2)}\n`);
  const path = join(kept, 'drawn-with.json');
  if (!existsSync(path)) return 'no pictures are kept yet: `npm run pictures -- accept` keeps the ones just drawn';
  const then = JSON.parse(readFileSync(path, 'utf8')) as typeof here;
  if (then.probe === here.probe) return null;
  return `Chromium ${here.chromium} draws letters and controls otherwise here than Chromium ${then.chromium} did where the pictures were made`;
}

/** Begins a run: what an earlier one left is not to be accepted. */
export function forgetDrawn(): void {
  rmSync(out, { recursive: true, force: true });
}

/** Lays down what was drawn. Returns what differs from the kept picture in words, or null. */
export async function compare(name: string, drawn: Buffer): Promise<string | null> {
  for (const folder of ['actual', 'difference']) mkdirSync(join(out, folder), { recursive: true });
  const actualPath = join(out, 'actual', `${name}.png`);
  writeFileSync(actualPath, await smallPng(drawn));
  const accept = 'If it is meant, `npm run pictures -- accept` keeps it.';
  const keptPath = join(kept, `${name}.png`);
  if (!existsSync(keptPath)) return `There is no kept picture ${name}.png; what was drawn is ${actualPath}. ${accept}`;
  const [before, now] = [PNG.sync.read(readFileSync(keptPath)), PNG.sync.read(drawn)];
  if (before.width !== now.width || before.height !== now.height)
    return `${name} is ${now.width}×${now.height}, and was ${before.width}×${before.height}: ${actualPath}. ${accept}`;
  const difference = new PNG({ width: now.width, height: now.height });
  const pixels = pixelmatch(before.data, now.data, difference.data, now.width, now.height, { threshold: pixelThreshold });
  if (pixels <= pixelsAllowed) return null;
  const differencePath = join(out, 'difference', `${name}.png`);
  writeFileSync(differencePath, PNG.sync.write(difference));
  return `${pixels} pixels of ${name} differ. Drawn: ${actualPath}; differing: ${differencePath}. ${accept}`;
}
