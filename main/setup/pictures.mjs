#!/usr/bin/env node
// `npm run pictures [-- NAME …]`: the pictures of the documentation, from the live lab, into docs/pictures. `npm run pictures -- accept` instead keeps what the
// screenshot tests drew last as what they compare with from now on.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from './application.mjs';
import { acceptScreenshots } from './pictures/accept.mjs';
import { scenes } from './pictures/scenes.mjs';
import { openWindow } from './pictures/window.mjs';
import { prepare } from './prepare.mjs';
import { reportFailure } from './progress.mjs';

const folder = join(checkout, 'docs/pictures');

async function take(wanted) {
  const unknown = wanted.filter((name) => !scenes.some((scene) => scene.name === name));
  if (unknown.length > 0)
    throw new Error(`There is no picture ${unknown.join(', ')}. There are: ${scenes.map(({ name }) => name).join(', ')}.`);
  await prepare();
  mkdirSync(folder, { recursive: true });
  const view = await openWindow(folder);
  const failed = [];
  try {
    for (const { name, isSetUp = false, take: run } of scenes) {
      if (!isSetUp && wanted.length > 0 && !wanted.includes(name)) continue;
      process.stdout.write(`${name}\n`);
      try {
        await run(view);
      } catch (error) {
        // The others may come out all the same, and booting the lab for them again takes longest; but not without what they all stand on.
        if (isSetUp) throw error;
        failed.push(name);
        reportFailure(error);
      }
    }
    if (failed.length > 0) throw new Error(`These pictures could not be taken: ${failed.join(', ')}.`);
  } finally {
    await view.close();
  }
}

try {
  const names = process.argv.slice(2);
  if (names[0] === 'accept') await acceptScreenshots();
  else await take(names);
} catch (error) {
  reportFailure(error);
  process.exitCode = 1;
}
