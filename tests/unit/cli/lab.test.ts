import { expect, onTestFinished, test } from 'vitest';
import type { Invocation } from '../../../main/node/cli/command.ts';
import { labCommand } from '../../../main/node/cli/commands/lab.ts';
import type { LabAccess } from '../../../main/node/cli/hold-lab.ts';
import { labStatusText } from '../../../main/node/cli/lab-status.ts';
import { usesLab } from '../../../main/node/cli/uses-lab.ts';
import { transportPair } from '../../../main/node/session/memory-transport.ts';
import { Session } from '../../../main/node/session/session.ts';
import { FakeTarget } from '../../support/fake-target.ts';

/** A lab that the command may start or join, and the command run on it. */
function fakeLab({ runs }: { runs: boolean }) {
  const target = new FakeTarget();
  const session = new Session({ createTarget: () => target, first: { kind: 'lab' }, applicationVersion: '9.9.9' });
  onTestFinished(() => session.close());
  const access: LabAccess = {
    join: async () => {
      if (!runs) return null;
      const [here, there] = transportPair();
      session.attach(there);
      return here;
    },
    start: async () => {
      void session.start().then(() => target.bringAgent());
      return { session, close: () => session.close() };
    },
  };
  const interruption = new AbortController();
  let printed = '';
  let onPrint: () => void = () => undefined;
  const firstPrint = new Promise<void>((resolve) => {
    onPrint = resolve;
  });
  const invoke = (...positionals: string[]) =>
    labCommand(access).run({
      options: { name: 'test' },
      switches: new Set(['json']),
      positionals,
      print: async (text) => {
        printed += text;
        onPrint();
      },
      onStep: () => undefined,
      signal: interruption.signal,
    } satisfies Invocation);
  return {
    target,
    session,
    invoke,
    interrupt: () => interruption.abort(),
    firstPrint,
    printed: () => JSON.parse(printed) as Record<string, unknown>,
  };
}

test('a lab is kept until it is interrupted, after it said what runs', async () => {
  const { target, invoke, interrupt, firstPrint, printed } = fakeLab({ runs: false });
  const run = invoke();
  await firstPrint;
  expect(printed()).toMatchObject({
    session: 'test',
    running: true,
    target: { phase: 'live' },
    module: { name: 'rigb', state: 'live' },
    traffic: { running: true },
  });
  expect(target.calls).toEqual(['start']);
  interrupt();
  expect(await run).toBe(0);
  expect(target.calls).toEqual(['start', 'stop']);
});

test('a lab that is restarted stays, one that is stopped ends the command', async () => {
  const { target, invoke, firstPrint } = fakeLab({ runs: false });
  const run = invoke('start');
  await firstPrint;
  let hasEnded = false;
  void run.then(() => {
    hasEnded = true;
  });
  target.show({ phase: 'stopped', step: 'Restarting' });
  await new Promise((resolve) => setImmediate(resolve));
  target.show({ phase: 'live', step: 'Back' });
  await new Promise((resolve) => setImmediate(resolve));
  expect(hasEnded).toBe(false);
  target.show({ phase: 'stopped', step: 'Stopped' });
  expect(await run).toBe(0);
});

test('a lab that fails ends the command with its reason', async () => {
  const { target, invoke } = fakeLab({ runs: false });
  target.onStart = () => {
    target.show({
      phase: 'failed',
      step: 'QEMU has ended',
      reason: { title: 'QEMU has ended', detail: 'by SIGKILL.', remedy: 'Restart the lab.' },
    });
    throw new Error('over');
  };
  await expect(invoke()).rejects.toThrow(/by SIGKILL|over/);
});

test('status and stop find what another process holds', async () => {
  const { target, session, invoke, printed } = fakeLab({ runs: true });
  await session.start();
  target.bringAgent();
  expect(await invoke('status')).toBe(0);
  expect(printed()).toMatchObject({ running: true, target: { phase: 'live' }, devices: [{ driver: 'rigb' }] });
});

test('stop ends the lab of the session', async () => {
  const { target, session, invoke, printed } = fakeLab({ runs: true });
  await session.start();
  target.bringAgent();
  expect(await invoke('stop')).toBe(0);
  expect(printed()).toMatchObject({ running: true, target: { phase: 'stopped' }, agent: null, devices: [] });
  expect(target.calls).toEqual(['start', 'stop']);
});

test.each(['status', 'stop'])('%s without a session says so and exits with 3', async (action) => {
  const { invoke, printed } = fakeLab({ runs: false });
  expect(await invoke(action)).toBe(3);
  expect(printed()).toEqual({ session: 'test', running: false });
});

test('only what needs a lab waits for it to be built', () => {
  for (const args of [['snapshot'], ['snapshot', '--json'], ['lab'], ['lab', 'start'], ['lab', 'build']]) expect(usesLab(args)).toBe(true);
  for (const args of [
    ['--help'],
    ['snapshot', '--help'],
    ['lab', 'status'],
    ['lab', 'stop'],
    ['completion', 'bash'],
    ['manual'],
    [],
    ['nonsense'],
  ])
    expect(usesLab(args)).toBe(false);
});

test('the lines name what runs, and of a device without an interface no link', async () => {
  const device = { pciAddress: '0000:01:00.0', driver: 'rigb', interface: 'eth0', carrier: true, speedMbps: 1000 };
  const text = labStatusText({
    session: 'test',
    running: true,
    target: { kind: 'lab', phase: 'live', step: 'The agent answers', accelerator: 'tcg', machine: 'QEMU', reason: null },
    agent: { version: '0.1.0', kernel: '7.3.4' },
    module: { name: 'rigb', state: 'live', version: null },
    devices: [device, { pciAddress: '0000:02:00.0', driver: 'igb', interface: null, carrier: null, speedMbps: null }],
    traffic: { running: true, direction: 'receive', framesPerSecond: 2000, frameBytes: 256 },
  });
  expect(text.split('\n')).toEqual([
    'session   test',
    'target    lab, live: The agent answers',
    'machine   QEMU under TCG',
    'agent     0.1.0, Linux 7.3.4',
    'module    rigb live',
    'device    0000:01:00.0 rigb eth0, link up 1000 Mb/s',
    'device    0000:02:00.0 igb',
    'traffic   receive, 2000 frames/s of 256 B',
    '',
  ]);
});
