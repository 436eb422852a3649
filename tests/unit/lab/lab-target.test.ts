// The lab target while its lab is built, which nobody has to wait for to end it, and when QEMU ends before anything has happened.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createLabTarget } from '../../../main/node/lab/lab-target.ts';
import { Session } from '../../../main/node/session/session.ts';

function targetThatBuildsWith(program: string, bootLimitMs?: number) {
  const folder = mkdtempSync(join(tmpdir(), 'ringscope-target-'));
  vi.stubEnv('XDG_RUNTIME_DIR', folder);
  vi.stubEnv('XDG_CACHE_HOME', folder);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  const target = createLabTarget({ name: 'test', builder: [process.execPath, '-e', program], ...(bootLimitMs && { bootLimitMs }) });
  const seen: string[] = [];
  target.onState(({ phase, step }) => seen.push(`${phase}: ${step}`));
  return { target, seen };
}

const say = (report: object) => `console.log(${JSON.stringify(JSON.stringify(report))});`;
const endless = `${say({ state: 'begin', step: 1, of: 5, title: 'Build root' })}setInterval(() => {}, 1000);`;

test('a session can be closed in the middle of a build', async () => {
  const { target, seen } = targetThatBuildsWith(endless);
  const session = new Session({ createTarget: () => target, first: { kind: 'lab' }, applicationVersion: '9.9.9' });
  await session.start();
  await expect.poll(() => seen.at(-1)).toBe('preparing: Building the lab, step 1 of 5: Build root');
  await session.close();
  expect(seen.at(-1)).toBe('stopped: The build of the lab was stopped; the next start goes on from there.');
});

test('a second start builds anew', async () => {
  const { target, seen } = targetThatBuildsWith(endless);
  await target.start();
  await target.start();
  await expect.poll(() => seen.at(-1)).toBe('preparing: Building the lab, step 1 of 5: Build root');
  expect(seen.filter((state) => state.startsWith('stopped: The build')).length).toBe(1);
  await target.stop();
});

test('after the build the lab boots, and what is wrong with it is told', async () => {
  const { target, seen } = targetThatBuildsWith('');
  await target.start();
  await expect.poll(() => seen.at(-1)).toBe('failed: The lab cannot start');
});

test('a build that fails is told in its words', async () => {
  const { target } = targetThatBuildsWith(
    `${say({ state: 'failed', message: 'No room is left.', remedy: 'Make some.', output: '' })}process.exitCode = 1`,
  );
  await target.start();
  const reason = await new Promise((resolve) => {
    target.onState((state) => {
      if (state.phase === 'failed') resolve(state.reason);
    });
  });
  expect(reason).toEqual({ title: 'The lab could not be built', detail: 'No room is left.', remedy: 'Make some.' });
});

/** A target whose built lab is a shell's `program` in the place of bubblewrap. */
function targetThatRuns(program: (folder: string) => string, bootLimitMs?: number) {
  const { target, seen } = targetThatBuildsWith('', bootLimitMs);
  const folder = process.env.XDG_CACHE_HOME as string;
  const file = (name: string, text = '', mode = 0o600) => {
    writeFileSync(join(folder, name), text, { mode });
    return join(folder, name);
  };
  mkdirSync(join(folder, 'ringscope'), { recursive: true });
  const [root, kernelImage, rootImage] = [folder, file('vmlinuz'), file('initramfs.cpio')];
  const others = { kernelRelease: '6.12.0', kernelTree: folder, module: kernelImage, moduleObjects: [], agent: kernelImage };
  file('ringscope/lab.json', JSON.stringify({ version: 1, root, kernelImage, rootImage, ...others }));
  file('bwrap', `#!/bin/sh\n${program(folder)}\n`, 0o700);
  // What a search for KVM would find, which would start it too.
  writeFileSync(join(target.directory, 'accelerator'), `tcg ${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  return { target, seen };
}

/** One whose QEMU ends at once, each time with the next of these last words. */
const targetWhoseQemuEndsWith = (...lastWords: readonly string[]) =>
  targetThatRuns((folder) => {
    const words = join(folder, 'last-words');
    writeFileSync(words, lastWords.map((line) => `${line}\n`).join(''));
    return `head -n 1 '${words}' >&2\nsed -i 1d '${words}'\nkill -ABRT $$`;
  });

const race = 'qemu-system-x86_64: iotlb_to_section: Assertion `section_index < d->map.sections_nb’ failed.';

test('a QEMU that ends by its known race before an agent has called is started once more', async () => {
  const { target, seen } = targetWhoseQemuEndsWith(race, 'no such device');
  await target.start();
  await expect.poll(() => seen.at(-1)).toBe('failed: QEMU has ended');
  expect(seen.filter((state) => state.startsWith('booting'))).toEqual([
    'booting: Booting Linux 6.12.0',
    'booting: QEMU ended by a race of its own; booting once more',
    'booting: Looking for a working KVM',
    'booting: Booting Linux 6.12.0',
  ]);
});

test('a race that comes twice is told, and so is any other end of QEMU at once', async () => {
  for (const [lastWords, starts] of [
    [[race, race], 2],
    [['no such device', race], 1],
  ] as const) {
    const { target, seen } = targetWhoseQemuEndsWith(...lastWords);
    await target.start();
    await expect.poll(() => seen.at(-1)).toBe('failed: QEMU has ended');
    expect(seen.filter((state) => state === 'booting: Booting Linux 6.12.0')).toHaveLength(starts);
  }
});

test('a guest from which nothing comes is booted once more, and then said not to have started', async () => {
  const { target, seen } = targetThatRuns(() => 'exec sleep 60', 200);
  await target.start();
  await expect.poll(() => seen.at(-1), { timeout: 10_000 }).toBe('failed: The guest did not start');
  expect(seen.filter((state) => state.startsWith('booting'))).toEqual([
    'booting: Booting Linux 6.12.0',
    'booting: No agent has called within 0.2 s; booting once more',
    'booting: Looking for a working KVM',
    'booting: Booting Linux 6.12.0',
  ]);
});
