import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { buildLab, labBuilderOf } from '../../../main/node/lab/lab-builder.ts';

const builder = (program: string): readonly [string, ...string[]] => [process.execPath, '-e', program];
const say = (report: object) => `console.log(${JSON.stringify(JSON.stringify(report))});`;
const never = new AbortController().signal;

test('each report becomes a step in words; what is no report is passed over', async () => {
  const steps: string[] = [];
  const program = [
    say({ state: 'begin', step: 3, of: 5, title: 'Driver rigb.ko' }),
    'console.log("make: entering");',
    say({ state: 'line', step: 3, of: 5, title: 'Driver rigb.ko', line: '  CC shim.o', seconds: 1 }),
    // Too soon after the other for anybody to read.
    say({ state: 'line', step: 3, of: 5, title: 'Driver rigb.ko', line: '  CC other.o', seconds: 1 }),
    say({ state: 'done', step: 3, of: 5, title: 'Driver rigb.ko', seconds: 2 }),
  ].join('');
  const built = await buildLab({ command: builder(program), onStep: (step) => steps.push(step), signal: never });
  expect(built.ok).toBe(true);
  expect(steps).toEqual(['Building the lab, step 3 of 5: Driver rigb.ko', 'Building the lab, step 3 of 5: Driver rigb.ko:   CC shim.o']);
});

test('a failure is told in its own words, and a silent one says how to learn more', async () => {
  const program = `${say({ state: 'failed', message: 'This machine lacks mmdebstrap.', remedy: 'Install it.', output: '' })}process.exitCode = 1`;
  expect(await buildLab({ command: builder(program), onStep: () => undefined, signal: never })).toMatchObject({
    ok: false,
    error: { detail: 'This machine lacks mmdebstrap.', remedy: 'Install it.' },
  });
  expect(await buildLab({ command: builder('process.exit(7)'), onStep: () => undefined, signal: never })).toMatchObject({
    ok: false,
    error: { remedy: expect.stringContaining('ringscope lab build') },
  });
});

test('an interruption ends the builder and what it started', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ringscope-builder-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  // The builder's child holds a connection: its end shows that the child has ended.
  const server = createServer().listen(join(folder, 'alive.sock'));
  onTestFinished(() => void server.close());
  const child = `require('node:net').connect(${JSON.stringify(join(folder, 'alive.sock'))}); setInterval(() => {}, 1000);`;
  const program = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}]); setInterval(() => {}, 1000);`;
  const interruption = new AbortController();
  const built = buildLab({ command: builder(program), onStep: () => undefined, signal: interruption.signal });
  const [socket] = await once(server, 'connection');
  socket.on('error', () => undefined).resume();
  const ended = once(socket, 'close');
  interruption.abort();
  expect((await built).ok).toBe(false);
  await ended;
});

test('the builder lies beside Electron’s archive, and is run by a Node where Electron’s binary is none', () => {
  expect(labBuilderOf('/usr/lib/ringscope', false)).toEqual([process.execPath, '/usr/lib/ringscope/main/setup/build-lab.mjs']);
  const [program, script] = labBuilderOf('/opt/Ringscope/resources/app.asar', true);
  expect(program).toMatch(/(^|\/)node$/);
  expect(script).toBe('/opt/Ringscope/resources/main/setup/build-lab.mjs');
});
