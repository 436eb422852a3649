// `ringscope report` on a session of a few lines: it looks, and leaves everything as it was.
import { expect, onTestFinished, test } from 'vitest';
import { streams } from '#common/frame.ts';
import { reportText } from '#common/report/report-text.ts';
import { report } from '../../../main/node/cli/commands/report.ts';
import { withSession } from '../../../main/node/cli/run.ts';
import { takeReport } from '../../../main/node/cli/take-report.ts';
import { Session } from '../../../main/node/session/session.ts';
import { FakeTarget, talkingAgent } from '../../support/fake-target.ts';
import { observation } from '../../support/observation.ts';
import { logPayload, samplePayload } from '../../support/wire-payloads.ts';

test('a session is looked at, and the watches and observations end with the report', async () => {
  const agent = talkingAgent();
  const { beforeReply } = agent;
  agent.beforeReply = (request) => {
    beforeReply(request);
    if (request.verb === 'hello') {
      agent.send(streams.log, logPayload([1, 2, 3]));
      setImmediate(() => agent.send(streams.sample, samplePayload(1_000_000_000n)));
    }
    if (request.verb === 'observe' && request.arguments.hz !== 0) agent.tell(observation());
  };
  const target = new FakeTarget();
  const machine = {
    examine: async () => [{ name: 'kernel', state: 'ok' as const, why: 'New enough.', fix: '' }],
    build: async () => undefined,
  };
  const session = new Session({ createTarget: () => target, first: { kind: 'lab' }, applicationVersion: '9.9.9', machine });
  onTestFinished(() => session.close());
  const access = {
    join: async () => null,
    start: async () => {
      void session.start().then(() => target.bringAgent(agent));
      return { session, close: async () => undefined };
    },
  };
  const options = {
    name: 'test',
    target: { kind: 'lab' as const },
    what: 'report',
    onStep: () => undefined,
    signal: new AbortController().signal,
    access,
  };
  const document = await withSession(options, (used) =>
    takeReport({ ...used, kind: 'lab', seconds: 0.2, keepsAddresses: false, onStep: () => undefined }),
  );
  expect(document).toMatchObject({
    kernel: { release: '7.3.4' },
    devices: [{ pciAddress: '0000:01:00.0', mac: '02:00:00:xx:xx:xx', pcie: { width: 1 } }],
    doctor: [{ name: 'kernel', state: 'ok' }],
    log: [{ text: 'line 1' }, { text: 'line 2' }, { text: 'line 3' }],
  });
  expect(reportText(document)).toContain('ok kernel: New enough.');
  const ends = (verb: string) =>
    agent
      .asked(verb)
      .map(({ hz }) => hz)
      .filter((hz) => hz === 0).length;
  expect([ends('watch'), ends('observe')]).toEqual([2, 1]);
});

test('arguments that make no sense are refused in words', async () => {
  const invocation = {
    switches: new Set<string>(),
    positionals: [],
    print: async () => undefined,
    onStep: () => undefined,
    signal: new AbortController().signal,
  };
  await expect(report.run({ ...invocation, options: { target: 'moon', seconds: '3', name: 'lab' } })).rejects.toThrow(/no target "moon"/);
  await expect(report.run({ ...invocation, options: { target: 'lab', seconds: '0', name: 'lab' } })).rejects.toThrow(/--seconds takes/);
});
