#!/usr/bin/env node
// `node main/setup/icons.mjs`: the icons' PNG sizes, drawn by Chromium from the two SVG files in assets/icons, and the window's own icon.
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { checkout } from './application.mjs';

const folder = join(checkout, 'assets/icons');
// The drawing with fewer descriptors is the one that can still be read where a descriptor would be a pixel wide.
const drawings = [
  { name: 'ringscope-small', sizes: [16, 22, 24, 32] },
  { name: 'ringscope', sizes: [48, 64, 128, 256, 512] },
];

const { chromium } = await import('playwright-core');
const executablePath = (process.env.PATH ?? '')
  .split(delimiter)
  .map((path) => join(path, 'chromium'))
  .find((path) => existsSync(path));
const browser = await chromium.launch({ executablePath, args: process.getuid() === 0 ? ['--no-sandbox'] : [] });
for (const { name, sizes } of drawings) {
  const drawing = readFileSync(join(folder, `${name}.svg`)).toString('base64');
  for (const size of sizes) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(
      `<style>body{margin:0}img{display:block;width:${size}px;height:${size}px}</style><img src="data:image/svg+xml;base64,${drawing}">`,
    );
    await page.locator('img').evaluate((image) => image.decode());
    const target = join(folder, `${size}x${size}.png`);
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: target, omitBackground: true });
    await page.close();
  }
}
await browser.close();
copyFileSync(join(folder, 'ringscope-small.svg'), join(checkout, 'renderer/icon.svg'));
