// A session on a machine that is somebody's: nothing starts by itself but sampling, and what windows observe ends with them.
import { expect, onTestFinished, test } from 'vitest';
import type { BuildEvent, DoctorCheck } from '#common/protocol/machine.ts';
import type { MachineServices } from '../../../main/node/session/machine-desk.ts';
import { Session } from '../../../main/node/session/session.ts';
import { FakeTarget } from '../../support/fake-target.ts';
import { SessionWindow, settle } from '../../support/session-window.ts';
import { deviceAddress } from '../../support/wire-payloads.ts';

const check: DoctorCheck = { name: 'kernel', state: 'ok', why: 'It is new enough.', fix: '' };
const build: BuildEvent = {
  type: 'build',
  state: 'running',
  kernelRelease: '7.3.4',
  tree: 'a tree',
  lines: ['$ make'],
  elapsedMs: 1,
  digest: null,
  reason: null,
};

async function local(machine?: MachineServices) {
  const target = new FakeTarget();
  target.state = { ...target.state, kind: 'local' };
  const session = new Session({
    createTarget: () => target,
    first: { kind: 'local' },
    applicationVersion: '9.9.9',
    ...(machine ? { machine } : {}),
  });
  onTestFinished(() => session.close());
  await session.start();
  const agent = target.bringAgent();
  await settle();
  return { target, session, agent };
}

test('on somebody’s machine only sampling starts by itself, after a restart too', async () => {
  const { session, target, agent } = await local();
  expect(agent.verbs).toEqual(['hello', 'sample']);
  agent.end();
  await settle();
  const next = target.bringAgent();
  await settle();
  expect(next.verbs).toEqual(['hello', 'sample']);
  const window = await SessionWindow.open(session);
  await window.ask('restart-target');
  const fresh = target.bringAgent();
  await settle();
  expect(fresh.verbs).toEqual(['hello', 'sample']);
});

test('a target that takes the lab’s place does not inherit its start policy', async () => {
  const [lab, machine] = [new FakeTarget(), new FakeTarget()];
  const session = new Session({
    createTarget: ({ kind }) => (kind === 'lab' ? lab : machine),
    first: { kind: 'lab' },
    applicationVersion: '9.9.9',
  });
  onTestFinished(() => session.close());
  await session.start();
  lab.bringAgent();
  const window = await SessionWindow.open(session);
  await window.ask('choose-target', { target: { kind: 'local', observe: true } });
  const agent = machine.bringAgent();
  await settle();
  expect(agent.verbs).toEqual(['hello', 'sample']);
});

test('the agent observes at the highest rate that a window wants, and ends with the last of them', async () => {
  const { session, target, agent } = await local();
  const [one, other] = [await SessionWindow.open(session), await SessionWindow.open(session)];
  await one.ask('observe', { device: deviceAddress, hz: 1 });
  await other.ask('observe', { device: deviceAddress, hz: 4 });
  await one.ask('observe', { device: deviceAddress, hz: 2 });
  expect(agent.asked('observe')).toEqual([
    { device: deviceAddress, hz: 1 },
    { device: deviceAddress, hz: 4 },
  ]);
  agent.end();
  await settle();
  const next = target.bringAgent();
  await settle();
  expect(next.asked('observe')).toEqual([{ device: deviceAddress, hz: 4 }]);
  other.transport.close();
  await settle();
  await one.ask('observe', { device: deviceAddress, hz: 0 });
  expect(next.asked('observe').slice(1)).toEqual([
    { device: deviceAddress, hz: 2 },
    { device: deviceAddress, hz: 0 },
  ]);
});

test('a window that is new to a device has the agent tell it again, since what does not change is not repeated', async () => {
  const { session, agent } = await local();
  const [one, other] = [await SessionWindow.open(session), await SessionWindow.open(session)];
  await one.ask('observe', { device: deviceAddress, hz: 4 });
  await other.ask('observe', { device: deviceAddress, hz: 1 });
  await other.ask('observe', { device: deviceAddress, hz: 2 });
  expect(agent.asked('observe')).toEqual([
    { device: deviceAddress, hz: 4 },
    { device: deviceAddress, hz: 4 },
  ]);
});

test('an observation that the agent refuses is not remembered', async () => {
  const { session, target, agent } = await local();
  agent.answer = ({ verb }) => (verb === 'observe' ? { code: 'no-such-device', message: 'There is none.' } : 'accept');
  const window = await SessionWindow.open(session);
  expect(await window.ask('observe', { device: deviceAddress, hz: 1 })).toMatchObject({ ok: false, error: { code: 'no-such-device' } });
  agent.end();
  await settle();
  const next = target.bringAgent();
  await settle();
  expect(next.asked('observe')).toEqual([]);
});

test('the doctor answers with an event that later windows get too, and is asked once by all who wait', async () => {
  let examined = 0;
  const examine = async () => {
    examined += 1;
    return [check];
  };
  const { session } = await local({ examine, build: async () => undefined });
  const [one, other] = [await SessionWindow.open(session), await SessionWindow.open(session)];
  one.send('doctor', {});
  other.send('doctor', {});
  await settle();
  expect(examined).toBe(1);
  for (const window of [one, other, await SessionWindow.open(session)])
    expect(window.event('doctor')).toMatchObject({ checks: [check], checkedUnixMs: expect.any(Number) });
  await one.ask('doctor');
  expect(examined).toBe(2);
});

test('a build goes on without the window that began it, a second one is refused, and the end of the session ends it', async () => {
  let signal: AbortSignal | null = null;
  let tell: (event: BuildEvent) => void = () => undefined;
  const { session } = await local({
    examine: async () => [],
    build: async (onChange, ends) => {
      signal = ends;
      tell = onChange;
      onChange(build);
    },
  });
  const window = await SessionWindow.open(session);
  expect(await window.ask('build-module')).toMatchObject({ ok: true });
  expect(await window.ask('build-module')).toMatchObject({ ok: false, error: { code: 'busy' } });
  window.transport.close();
  tell({ ...build, state: 'done', digest: 'ab' });
  const late = await SessionWindow.open(session);
  expect(late.event('build')).toMatchObject({ state: 'done', digest: 'ab' });
  expect(await late.ask('build-module')).toMatchObject({ ok: true });
  await session.close();
  expect((signal as AbortSignal | null)?.aborted).toBe(true);
});
