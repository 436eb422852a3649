// Rules of a file on facts made by hand: each holds, fails with its evidence, or was not measured.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FactContent } from '#common/alerts/fact.ts';
import { readRules, rulesJsonSchema } from '#common/rules/rules-file.ts';
import { RulesRun } from '#common/rules/rules-run.ts';
import { devicesAre, idleTransmit, logAt, ringAt, sampleAt } from '../../support/fact-stream.ts';

function outcomesOf(rules: readonly object[], facts: readonly FactContent[], fromSeconds = 0) {
  const read = readRules(JSON.stringify({ rules }));
  if (!read.ok) throw new Error(read.error);
  const run = new RulesRun(read.value.rules, fromSeconds);
  for (const fact of [devicesAre(), ...facts]) run.take(fact);
  return run.outcomes();
}
const states = (rules: readonly object[], facts: readonly FactContent[], fromSeconds = 0) =>
  outcomesOf(rules, facts, fromSeconds).map(({ state }) => state);
const tenths = (count: number, make: (seconds: number, step: number) => FactContent): FactContent[] =>
  Array.from({ length: count }, (_, step) => make(10 + step / 10, step));
const stuck = (at: number) => ringAt(at, 'tx', { head: 5, tail: 20, nextToUse: 20, nextToClean: 5 });

test('all rules of the issue hold on a card at work', () => {
  const rules = [
    { rule: 'queue-stuck', forMs: 50 },
    { rule: 'interrupts-per-second', below: 20000 },
    { rule: 'drops', equals: 0 },
    { rule: 'link-stable' },
    { rule: 'errors', equals: 0 },
    { rule: 'tx-timeout' },
    { rule: 'agent-gap' },
    { rule: 'log-quiet' },
    { rule: 'frames-per-second', direction: 'receive', above: 1500, below: 2500 },
  ];
  const facts = tenths(40, (at, step) => sampleAt(at, { rx_packets: step * 200 }, step * 100)).flatMap((sample, step) => [
    sample,
    idleTransmit(10 + step / 10, step % 64),
  ]);
  expect(states(rules, facts)).toEqual(rules.map(() => 'holds'));
});

test('a queue that stands for 300 ms breaks a rule of 50 ms and none of a second', () => {
  const facts = [...tenths(4, stuck), idleTransmit(10.5, 20)];
  const outcomes = outcomesOf([{ rule: 'queue-stuck', forMs: 50 }, { rule: 'queue-stuck' }], facts);
  expect(outcomes.map(({ state, isFailingNow }) => [state, isFailingNow])).toEqual([
    ['fails', false],
    ['holds', false],
  ]);
  expect(outcomes[0]).toMatchObject({ label: 'queue-stuck forMs 50', failedSeconds: 10 });
  expect(outcomes[0]?.evidence.map(({ what }) => what)).toContain('TDH');
});

test('a rule about another queue or device is not broken by this one, and not measured without it', () => {
  const facts = tenths(40, stuck);
  const queues = ['rx', 'rx:0', 'tx:1', 'tx', 'tx:0'].map((queue) => ({ rule: 'queue-stuck', queue }));
  expect(states(queues, facts)).toEqual(['unmeasured', 'unmeasured', 'unmeasured', 'fails', 'fails']);
  const devices = ['eth0', '0000:01:00.0', 'eth9', '0000:02:00.0'].map((device) => ({ rule: 'queue-stuck', device }));
  expect(states(devices, facts)).toEqual(['fails', 'fails', 'unmeasured', 'unmeasured']);
});

test('drops are losses of either kind, errors are the rest, and each is given the counter that tells', () => {
  const facts = [sampleAt(10), sampleAt(10.1, { rx_missed_errors: 3 }), sampleAt(10.2, { rx_missed_errors: 3, rx_crc_errors: 1 })];
  const [drops, errors, allowed] = outcomesOf([{ rule: 'drops', equals: 0 }, { rule: 'errors' }, { rule: 'drops', atMost: 3 }], facts);
  expect(drops).toMatchObject({ state: 'fails', text: 'netdev rx_missed_errors rose by 3.', failedSeconds: 10.1 });
  expect(errors).toMatchObject({ state: 'fails', text: 'netdev rx_crc_errors rose by 1.' });
  expect(allowed?.state).toBe('holds');
});

test('interrupts are judged by their fastest second, of the card or of each vector', () => {
  const facts = tenths(31, (at, step) => sampleAt(at, {}, step < 10 ? step * 10 : step * 3000));
  const [outcome] = outcomesOf([{ rule: 'interrupts-per-second', below: 20_000 }], facts);
  expect(outcome?.state).toBe('fails');
  expect(outcome?.text).toContain('The limit is 20,000.');
  expect(states([{ rule: 'interrupts-per-second', below: 40_000, of: 'vector' }], facts)).toEqual(['holds']);
});

test('a link that went and came back is not stable, and one that is down is not up', () => {
  const flapped = [sampleAt(10), devicesAre({ carrier: false }), sampleAt(11), devicesAre()];
  const [outcome] = outcomesOf([{ rule: 'link-stable' }], flapped);
  expect(outcome).toMatchObject({ state: 'fails', isFailingNow: false, failedSeconds: 10, text: 'The link changed 2 times.' });
  expect(states([{ rule: 'link-stable' }, { rule: 'link-stable', up: true }], [devicesAre({ carrier: false }), sampleAt(10)])).toEqual([
    'fails',
    'fails',
  ]);
});

test('the log is quiet but for what was excepted', () => {
  const facts = [sampleAt(10), logAt(11, 'rigb: transmit queue 0 hangs', 3), logAt(12, 'rigb: link up', 6)];
  const rules = [{ rule: 'log-quiet' }, { rule: 'log-quiet', except: ['hangs'] }, { rule: 'log-quiet', level: 'critical' }];
  expect(states(rules, facts)).toEqual(['fails', 'holds', 'holds']);
});

test('what was before the check began is not checked', () => {
  const before = [logAt(5, 'NETDEV WATCHDOG: CPU: 0: transmit queue 0 timed out 5000 ms', 2), sampleAt(6), sampleAt(7, { rx_dropped: 9 })];
  const after = [sampleAt(10, { rx_dropped: 9 }), sampleAt(11, { rx_dropped: 9 })];
  expect(states([{ rule: 'tx-timeout' }, { rule: 'drops' }], [...before, ...after], 9)).toEqual(['holds', 'holds']);
  expect(states([{ rule: 'tx-timeout' }, { rule: 'drops' }], [...before, ...after])).toEqual(['fails', 'fails']);
});

test('a rule of which nothing was told does not hold', () => {
  const rules = ['queue-stuck', 'drops', 'errors', 'agent-gap', 'tx-timeout'].map((rule) => ({ rule }));
  expect(states(rules, [])).toEqual(rules.map(() => 'unmeasured'));
});

test('a file that is not understood is refused with the place', () => {
  const refusal = (text: string) => {
    const read = readRules(text);
    return read.ok ? '' : read.error;
  };
  expect(refusal('{')).toMatch(/^The rules are no JSON: /);
  expect(refusal('{"rules":[]}')).toMatch(/^The rules are not understood at rules: /);
  expect(refusal('{"rules":[{"rule":"drops"},{"rule":"drop"}]}')).toMatch(/at rules\[2\].rule: /);
  expect(refusal('{"rules":[{"rule":"queue-stuck","queue":"up:1"}]}')).toMatch(/at rules\[1\].queue: /);
  expect(refusal('{"rules":[{"rule":"queue-stuck","forMS":50}]}')).toMatch(/forMS/);
});

test('editors find the schema of this version in assets', () => {
  const path = join(import.meta.dirname, '../../../assets/rules.schema.json');
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(JSON.parse(JSON.stringify(rulesJsonSchema())));
});

test('the file to begin with is understood', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../assets/rules.example.json'), 'utf8');
  expect(readRules(text)).toMatchObject({ ok: true });
});
