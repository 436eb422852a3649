import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runInside } from '../../driver/lab/run.mjs';
import { versions } from '../../driver/lab/steps.mjs';
import { readLabDescription } from '../../main/node/lab/lab-description.ts';

const description = readLabDescription();
if (!description.ok) throw new Error(description.error);
const lab = description.value;

const output = mkdtempSync(join(tmpdir(), 'ringscope-lint-'));
afterAll(() => rmSync(output, { recursive: true, force: true }));

const rigb = join(import.meta.dirname, '..', '..', 'driver', 'rigb');

/** What `make CLIPPY=1` says of the module: the kernel's own set of lints, and the Kbuild file's. */
async function lint(source: string): Promise<string[]> {
  const lines: string[] = [];
  const make = ['make', '-C', '/mnt/kernel', 'M=/mnt/source', 'MO=/mnt/output', `CC=${versions.compiler}`, 'CLIPPY=1', 'src/rigb_main.o'];
  await runInside(lab.root, make, {
    write: { '/mnt/output': output, '/mnt/kernel': lab.kernelTree },
    read: { '/mnt/source': source },
    onLine: (line: string) => lines.push(line),
    describe: 'Clippy',
  }).catch(() => {});
  return lines;
}

test('clippy, with the kernel’s lints and those for unsafe blocks, finds nothing in the module', async () => {
  const lines = await lint(rigb);
  expect(lines.filter((line) => line.includes('CLIPPY'))).toHaveLength(1);
  const findings = lines.flatMap((line, index) =>
    /^(error|warning)(\[\w+\])?: /.test(line) ? [`${line} ${lines[index + 1]?.trim()}`] : [],
  );
  expect(findings).toEqual([]);
  expect(lines.filter((line) => /Error \d/.test(line))).toEqual([]);
});
