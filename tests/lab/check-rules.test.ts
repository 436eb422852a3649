// `ringscope check` on the real lab: rules hold under traffic, and fail with their evidence once the card's transmit engine was switched off behind the driver's back.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Rule } from '#common/rules/rules-file.ts';
import { checkTarget } from '../../main/node/cli/check/check-target.ts';
import { withSession } from '../../main/node/cli/run.ts';
import { takeAutopsy } from '../../main/node/cli/take-autopsy.ts';
import { createLabTarget } from '../../main/node/lab/lab-target.ts';
import { transportPair } from '../../main/node/session/memory-transport.ts';
import { Session } from '../../main/node/session/session.ts';

// The card's registers can be written from the guest's shell.
const target = createLabTarget({ name: 'test-check-rules', kernelParameters: 'iomem=relaxed' });
const session = new Session({ createTarget: () => target, first: { kind: 'lab' }, applicationVersion: '9.9.9' });

beforeAll(async () => {
  // Live is after the driver was loaded and traffic was begun.
  const isLive = new Promise<void>((resolve) => session.onLive(() => resolve()));
  await session.start();
  await isLive;
});
afterAll(() => session.close());

const joined = <T>(use: Parameters<typeof withSession<T>>[1]) =>
  withSession(
    {
      name: 'test',
      target: { kind: 'lab' },
      what: 'check',
      onStep: () => undefined,
      signal: new AbortController().signal,
      access: {
        join: async () => {
          const [here, there] = transportPair();
          session.attach(there);
          return here;
        },
        start: () => Promise.reject(new Error('Nothing may be started here.')),
      },
    },
    use,
  );

const check = (rules: readonly Rule[], seconds: number) =>
  joined((used) => checkTarget({ ...used, kind: 'lab', rules, seconds, onStep: () => undefined }));

const rules: readonly Rule[] = [
  { rule: 'queue-stuck', forMs: 1000 },
  { rule: 'tx-timeout' },
  { rule: 'interrupts-per-second', below: 20_000, of: 'device' },
  { rule: 'errors' },
  { rule: 'link-stable', up: true },
];

test('all rules hold on a healthy lab under traffic', async () => {
  const { outcomes } = await check(rules, 5);
  expect(outcomes.map(({ label, state, text }) => `${state} ${label}: ${text}`).filter((line) => !line.startsWith('holds'))).toEqual([]);
});

test('a transmit engine that was switched off breaks the rule of stuck queues, and the autopsy names the register', async () => {
  target.writeConsole('(/usr/bin/ping -q -f 192.0.2.2 > /dev/null 2>&1 &)\n');
  target.writeConsole('base=$(head -n 1 /sys/bus/pci/devices/0000:01:00.0/resource | cut -d" " -f1); devmem $((base + 0x400)) 32 0\n');
  const [checked, page] = await Promise.all([
    check([{ rule: 'queue-stuck', forMs: 500 }], 4),
    joined((used) => takeAutopsy({ ...used, kind: 'lab', device: null, queue: null, seconds: 3, onStep: () => undefined })),
  ]);
  target.writeConsole('killall ping\n');
  const [stuck] = checked.outcomes;
  expect(stuck).toMatchObject({ state: 'fails' });
  expect(stuck?.text).toMatch(/TX queue \d is stuck: \d+ descriptors wait, and the card does not fetch them/);
  expect(stuck?.evidence.map(({ what }) => what)).toEqual(expect.arrayContaining(['TDH', 'TDT', 'next_to_use', 'next_to_clean']));
  expect(page.likelyCause).toMatchObject({ id: 'engine-off', confidence: 'certain' });
}, 60_000);
