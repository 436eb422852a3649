// The lab target of an installed application while its lab is built: nobody has to wait for the build to end it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createLabTarget } from '../../../main/node/lab/lab-target.ts';
import { Session } from '../../../main/node/session/session.ts';

function targetThatBuildsWith(program: string) {
  const folder = mkdtempSync(join(tmpdir(), 'ringscope-target-'));
  vi.stubEnv('XDG_RUNTIME_DIR', folder);
  vi.stubEnv('XDG_CACHE_HOME', folder);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });
  const target = createLabTarget({ name: 'test', builder: [process.execPath, '-e', program] });
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
