// The history behind an autopsy, and its page as JSON and as Markdown.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type FactContent, ownSeconds } from '#common/alerts/fact.ts';
import { autopsyDocument, readAutopsy } from '#common/autopsy/autopsy-document.ts';
import { AutopsyHistory, autopsyLimits } from '#common/autopsy/autopsy-history.ts';
import { autopsyMarkdown } from '#common/autopsy/autopsy-markdown.ts';
import { examine } from '#common/autopsy/examine.ts';
import { deviceAddress, devicesAre, logAt, ringAt, sampleAt, vectorsAt } from '../../support/fact-stream.ts';
import { frozenCase } from '../../support/frozen-case.ts';
import { helloEvent } from '../../support/wire-payloads.ts';

const stuck = (at: number) => ringAt(at, 'tx', { head: 5, tail: 20, nextToUse: 20, nextToClean: 5 });

function historyOf(...facts: FactContent[]): AutopsyHistory {
  const history = new AutopsyHistory();
  for (const fact of facts) history.take({ ...fact, atSeconds: ownSeconds(fact) ?? 0 });
  return history;
}

const subject = { device: deviceAddress, queue: { kind: 'tx' as const, index: 0 }, trigger: 'Asked for.', atSeconds: 12 };
const registers = {
  device: deviceAddress,
  timeBeforeNs: 12_000_000_000n,
  timeAfterNs: 12_000_000_000n,
  registers: [
    { offset: 0x400, value: 0 },
    { offset: 8, value: 0x0008_0083 },
  ],
};

test('what was told becomes a page that names the engine that was switched off', () => {
  const facts = Array.from({ length: 20 }, (_, step) => [
    sampleAt(10 + step / 10, { tx_packets: 7 }, step * 10),
    stuck(10.01 + step / 10),
    vectorsAt(10.02 + step / 10, { handled: BigInt(step) }),
  ]).flat();
  const history = historyOf(devicesAre(), logAt(9, 'rigb 0000:01:00.0 eth0: link up'), ...facts);
  const page = examine(history.freeze(subject, { registers, hello: helloEvent() }));
  expect(page.title).toBe('eth0 TX queue 0: The card’s engine is off');
  expect(page.frozen.rings[0]).toMatchObject({ kind: 'tx', pending: { waiting: 'card', descriptors: 15, at: 5 } });
  expect(page.frozen.rates?.interrupts).toEqual([{ irq: '27', name: 'eth0-TxRx-0', perSecond: expect.closeTo(100, 0) as number }]);
  expect(page.frozen.rates?.counters).toContainEqual({ name: 'netdev tx_packets', value: 7, by: 0 });
  expect(page.when.unixMs).toBe(1_012_000);
  expect(page.missing).toEqual([]);
  expect(readAutopsy(JSON.stringify(page))).toEqual({ ok: true, value: page });
});

test('the history is bounded, however long and fast it goes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 1500 }), (hz, count) => {
      const facts = Array.from({ length: count }, (_, step) => [
        stuck(10 + step / hz),
        vectorsAt(10 + step / hz, {}),
        sampleAt(10 + step / hz),
        logAt(10 + step / hz, `line ${step}`),
      ]).flat();
      const frozen = historyOf(devicesAre(), ...facts).freeze({ ...subject, atSeconds: 10 + count / hz }, { registers: null, hello: null });
      const { history } = frozen.rings[0] ?? { history: [] };
      expect(history.length).toBeLessThanOrEqual(autopsyLimits.positions);
      expect((history.at(-1)?.atSeconds ?? 0) - (history[0]?.atSeconds ?? 0)).toBeLessThanOrEqual(autopsyLimits.seconds + 1e-6);
      expect(frozen.log.length).toBeLessThanOrEqual(autopsyLimits.logLines);
      expect(autopsyDocument.safeParse(examine(frozen)).success).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test('a ring that was set up anew begins its history anew', () => {
  const history = historyOf(
    stuck(10),
    ringAt(11, 'tx', { head: 0, tail: 0, nextToUse: 0, nextToClean: 0 }, { change: { generation: 2n } }),
  );
  expect(history.freeze(subject, { registers: null, hello: null }).rings[0]?.history).toHaveLength(1);
});

test('the Markdown has the cause, its evidence, the ring and the log, and breaks no table', () => {
  const page = examine(frozenCase({ log: [{ atSeconds: 99, level: 3, text: 'a | b' }] }, { 1024: 0 }));
  const text = autopsyMarkdown(page);
  expect(text).toMatch(/^# eth0 TX queue 0: The card’s engine is off\n/);
  for (const words of [
    'TCTL.EN is 0',
    'TCTL 0x00000000',
    '### TX queue 0',
    '| 100.000000 | 5 | 20 | 20 | 5 |',
    '99.000000 <3> a | b',
    'Asked and excluded: ',
  ])
    expect(text).toContain(words);
});

test('what is no autopsy is refused in words', () => {
  expect(readAutopsy('x')).toEqual({ ok: false, error: 'This is no saved autopsy: it is no JSON.' });
  const other = readAutopsy('{"format":"ringscope-autopsy","version":2}');
  expect(other.ok ? '' : other.error).toMatch(/^This is no saved autopsy of this version: version: /);
});
