// What the screenshot tests drew last becomes what they compare with.
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../application.mjs';

const drawn = join(checkout, 'out/screenshots/actual');
const kept = join(checkout, 'tests/fixtures/screenshots');

/** Copies every picture of the last run, and the words that say what drew them. Throws where there was no run. */
export async function acceptScreenshots() {
  const names = existsSync(drawn) ? readdirSync(drawn) : [];
  if (names.length === 0)
    throw new Error(
      'Nothing was drawn yet: run the test first (npx vitest run --config tests/vitest.config.ts --project e2e screenshots).',
    );
  mkdirSync(kept, { recursive: true });
  for (const name of names) copyFileSync(join(drawn, name), join(kept, name));
  process.stdout.write(
    `${names.length} files are now in tests/fixtures/screenshots. Look at each before it is committed: git diff --stat\n`,
  );
}
