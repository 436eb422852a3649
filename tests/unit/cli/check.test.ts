// `ringscope check` as a shell calls it: on a recording from the lab, and on a lab of a few lines.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { streams } from '#common/frame.ts';
import type { Rule } from '#common/rules/rules-file.ts';
import { checkRecording } from '../../../main/node/cli/check/check-recording.ts';
import { checkTarget, ringHz } from '../../../main/node/cli/check/check-target.ts';
import { checkText } from '../../../main/node/cli/check/check-text.ts';
import { escapeXml, junitText } from '../../../main/node/cli/check/junit-text.ts';
import { check } from '../../../main/node/cli/commands/check.ts';
import { commands } from '../../../main/node/cli/commands.ts';
import { commandHelp } from '../../../main/node/cli/help.ts';
import { readArguments } from '../../../main/node/cli/read-arguments.ts';
import { withSession } from '../../../main/node/cli/run.ts';
import { usesLab } from '../../../main/node/cli/uses-lab.ts';
import { Session } from '../../../main/node/session/session.ts';
import { FakeTarget, talkingAgent } from '../../support/fake-target.ts';
import { scratchFolder } from '../../support/recorded-script.ts';
import { ringPayload, samplePayload } from '../../support/wire-payloads.ts';

const fixture = join(import.meta.dirname, '..', '..', 'fixtures', 'recording', 'lab.mcap');

function rulesFile(rules: readonly object[]): string {
  const path = join(scratchFolder(), 'rules.json');
  writeFileSync(path, JSON.stringify({ rules }));
  return path;
}

async function run(...args: string[]): Promise<{ code: number; output: string }> {
  const asked = readArguments(['check', ...args], commands);
  if (!asked.ok || asked.value.do !== 'run') throw new Error(asked.ok ? asked.value.do : asked.error);
  let output = '';
  const print = async (text: string) => {
    output += text;
  };
  const code = await check.run({ ...asked.value, print, onStep: () => undefined, signal: new AbortController().signal });
  return { code, output };
}

const healthy = [
  { rule: 'queue-stuck', forMs: 500 },
  { rule: 'tx-timeout' },
  { rule: 'interrupts-per-second', below: 20000 },
  { rule: 'drops', equals: 0 },
  { rule: 'errors', equals: 0 },
  { rule: 'link-stable' },
  { rule: 'agent-gap' },
];

test('rules that hold on a recording are said one a line, and the exit code is 0', async () => {
  const { code, output } = await run(rulesFile(healthy), '--recording', fixture);
  expect(code, output).toBe(0);
  expect(
    output
      .split('\n')
      .slice(0, 7)
      .every((line) => line.startsWith('✓ holds')),
  ).toBe(true);
  expect(output).toContain('All 7 rules hold: lab.mcap, 31.7 s.');
});

test('a rule that does not hold ends with 1, its evidence, and a failure in the JUnit file', async () => {
  const junit = join(scratchFolder(), 'check.xml');
  const rules = rulesFile([...healthy, { rule: 'interrupts-per-second', below: 1, name: 'nearly <none>' }]);
  const { code, output } = await run(rules, '--recording', fixture, '--junit', junit);
  expect(code).toBe(1);
  expect(output).toMatch(
    /✕ FAILS {2}nearly <none> .*The limit is 1\.\n {4}first at [\d.]+ s since boot\n +[\d.]+ {2}interrupts of 0000:01:00\.0 \d+ \/s/,
  );
  expect(output).toContain('1 of 8 rules do not hold');
  const xml = readFileSync(junit, 'utf8');
  expect(xml).toContain('<testsuite name="rules.json" tests="8" failures="1" errors="0"');
  expect(xml).toMatch(/<testcase classname="interrupts-per-second" name="nearly &lt;none&gt;"[^>]*>\n +<failure type="fails"/);
});

test('the rules to begin with hold on the lab, whose link was down before the driver was loaded', async () => {
  const example = join(import.meta.dirname, '../../../assets/rules.example.json');
  const { code, output } = await run(example, '--recording', fixture);
  expect(code, output).toBe(0);
});

test('a rule about a device that is not there is an error, not a success', async () => {
  const { code, output } = await run(rulesFile([{ rule: 'drops', device: 'eth9' }]), '--recording', fixture, '--json');
  expect(code).toBe(1);
  expect(JSON.parse(output)).toMatchObject({
    holds: false,
    source: 'lab.mcap',
    rules: [{ label: 'drops device eth9', state: 'unmeasured' }],
  });
});

test('arguments and files that make no sense are refused before anything is started', async () => {
  await expect(run()).rejects.toThrow(/A rules file is missing/);
  await expect(run('a.json', 'b.json')).rejects.toThrow(/One rules file at a time/);
  await expect(run('/none.json')).rejects.toThrow(/There is no rules file \/none\.json/);
  await expect(run(rulesFile([]))).rejects.toThrow(/rules\.json: The rules are not understood at rules/);
  await expect(run(rulesFile(healthy), '--target', 'moon')).rejects.toThrow(/no target "moon"/);
  await expect(run(rulesFile(healthy), '--seconds', '0')).rejects.toThrow(/--seconds takes a number from 1/);
  await expect(run(rulesFile(healthy), '--recording', '/none.mcap')).rejects.toThrow(/There is no recording/);
});

test('the help names each exit code once', () => {
  const help = commandHelp(check);
  expect(help).toContain('Exit code 0 when it was done, 1 when a rule does not hold or could not be measured, 2 when nothing was checked');
  expect(check.failureCode).toBe(2);
});

test('a recording needs no lab, the lab does', () => {
  expect([
    usesLab(['check', 'a.json']),
    usesLab(['check', 'a.json', '--recording', 'b']),
    usesLab(['check', 'a.json', '--target', 'local']),
  ]).toEqual([true, false, false]);
});

test('rings are read as often as the shortest rule needs', () => {
  const of = (...forMs: number[]) => ringHz(forMs.map((ms): Rule => ({ rule: 'queue-stuck', forMs: ms })));
  expect([of(), of(50), of(50, 1000), of(1000), of(1)]).toEqual([0, 60, 60, 5, 60]);
});

test('text and XML survive whatever the kernel logged', () => {
  expect(escapeXml('a\u0000<\u001b[31m&\ud800">')).toBe('a&lt;[31m&amp;&quot;&gt;');
  const outcome = {
    rule: { rule: 'log-quiet', level: 'error' } as const,
    label: 'log-quiet',
    state: 'fails' as const,
    isFailingNow: false,
    failedSeconds: 1,
    text: 'a < b',
    evidence: [{ what: 'error', value: ']]>', unit: '', atSeconds: 1 }],
  };
  expect(junitText('r', { outcomes: [outcome], seconds: 1, source: 'x' })).toContain('1.000 s: error ]]&gt;</failure>');
  expect(checkText({ outcomes: [outcome], seconds: 1, source: 'x' })).toContain('error ]]>');
});

/** A lab whose agent sends samples, and a transmit ring as told, whenever it is watched. */
function labOf(head: () => number) {
  const agent = talkingAgent();
  const { beforeReply } = agent;
  let watching: NodeJS.Timeout | undefined;
  let time = 10_000_000_000n;
  agent.beforeReply = (request) => {
    beforeReply(request);
    if (request.verb !== 'watch' || watching) return;
    watching = setInterval(() => {
      time += 100_000_000n;
      agent.send(streams.sample, samplePayload(time, { counters: [time / 1_000_000n, 0n, 0n, 0n] }));
      const ring = ringPayload('tx', 0, head());
      const view = new DataView(ring.buffer, 16);
      view.setBigUint64(24, time, true);
      for (const [index, value] of [head(), 3, 3, head()].entries()) view.setUint32(56 + 4 * index, value, true);
      for (const [index, value] of [head(), 3, 3, head()].entries()) view.setUint32(72 + 4 * index, value, true);
      agent.send(streams.ring, ring);
    }, 5);
  };
  const target = new FakeTarget();
  const session = new Session({ createTarget: () => target, first: { kind: 'lab' }, applicationVersion: '9.9.9' });
  onTestFinished(async () => {
    clearInterval(watching);
    await session.close();
  });
  const access = {
    join: async () => null,
    start: async () => {
      void session.start().then(() => target.bringAgent(agent));
      return { session, close: () => session.close() };
    },
  };
  return { agent, access };
}

const onLab = (access: Parameters<typeof withSession>[0]['access'], rules: readonly Rule[]) =>
  withSession(
    {
      name: 'test',
      target: { kind: 'lab' },
      what: 'check',
      onStep: () => undefined,
      signal: new AbortController().signal,
      ...(access ? { access } : {}),
    },
    (session) => checkTarget({ ...session, kind: 'lab', rules, seconds: 0.5, onStep: () => undefined }),
  );

test('a live lab is watched for as long as was asked, and a queue that stands still is told of', async () => {
  const { agent, access } = labOf(() => 1);
  const { outcomes } = await onLab(access, [{ rule: 'queue-stuck', forMs: 300 }, { rule: 'errors' }]);
  expect(outcomes.map(({ state }) => state)).toEqual(['fails', 'holds']);
  expect(outcomes[0]?.text).toContain('TX queue 0 is stuck: 2 descriptors wait');
  expect(agent.asked('watch').map(({ what, hz }) => [what, hz])).toContainEqual(['ring:tx:0', 10]);
  await expect.poll(() => agent.asked('watch').filter(({ hz }) => hz === 0)).toHaveLength(2);
});

test('a live lab whose queue moves holds', async () => {
  let head = 0;
  const { access } = labOf(() => (head++ >> 1) % 3);
  expect((await onLab(access, [{ rule: 'queue-stuck', forMs: 300 }])).outcomes.map(({ state }) => state)).toEqual(['holds']);
});

test('an interruption ends the check of a recording', async () => {
  const rules: Rule[] = [{ rule: 'tx-timeout' }];
  await expect(checkRecording({ path: fixture, rules, signal: AbortSignal.abort() })).rejects.toThrow('The check was interrupted.');
  expect(existsSync(fixture)).toBe(true);
});
