import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { treeRemedy } from '../../../main/node/local/module-tree.ts';

const release = '7.3.4+deb13-amd64';

test('without headers they are installed', () => {
  expect(treeRemedy(release, false, 'gcc-14')).toBe(`apt-get install linux-headers-${release}`);
});

test('with headers that lack the crates the tree is prepared by the lab’s own steps', () => {
  const remedy = treeRemedy(release, true, 'x86_64-linux-gnu-gcc-14');
  expect(remedy).toContain('apt-get install linux-source-7.3 && ');
  expect(remedy).toContain("printf '%s\\n' '+deb13-amd64' > localversion-debian");
  // What the lab does, and its tests prove with a module that loads.
  const steps = readFileSync(join(import.meta.dirname, '../../../driver/lab/steps.mjs'), 'utf8');
  for (const target of ['localversion-debian', 'olddefconfig modules_prepare', '--strip-components=1']) {
    expect(remedy).toContain(target);
    expect(steps).toContain(target);
  }
});
