// What must hold of every stream: a healthy one is quiet, a condition is one alert, the same facts give the same alerts.
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FactContent } from '#common/alerts/fact.ts';
import { FactFeed } from '#common/alerts/fact-feed.ts';
import { Lookout } from '#common/alerts/lookout.ts';
import type { SessionEvent } from '#common/protocol.ts';
import { framesBetween } from '../../../main/node/recording/player.ts';
import { RecordingReader } from '../../../main/node/recording/recording-reader.ts';
import { devicesAre, idleReceive, idleTransmit, logAt, ringAt, sampleAt } from '../../support/fact-stream.ts';

/** One tenth of a second of a card at work: so many frames came and went, so many interrupts, now and then a line. */
const healthyStep = fc.record({
  received: fc.integer({ min: 0, max: 100_000 }),
  sent: fc.integer({ min: 0, max: 63 }),
  interrupts: fc.integer({ min: 0, max: 6000 }),
  isLogged: fc.boolean(),
  hasRings: fc.boolean(),
});

function healthy(
  all: readonly { received: number; sent: number; interrupts: number; isLogged: boolean; hasRings: boolean }[],
): FactContent[] {
  const facts: FactContent[] = [devicesAre()];
  let [received, sent, interrupts] = [0, 0, 0];
  all.forEach((step, index) => {
    const at = 10 + index / 10;
    received += step.received;
    sent += step.sent;
    interrupts += step.interrupts;
    facts.push(sampleAt(at, { rx_packets: received, tx_packets: sent }, interrupts));
    if (step.hasRings) facts.push(idleTransmit(at + 0.001, sent % 64), idleReceive(at + 0.002, received % 64));
    if (step.isLogged) facts.push(logAt(at + 0.003, `rigb 0000:01:00.0 eth0: line ${index}`));
  });
  return facts;
}

function lookoutOn(facts: readonly FactContent[]): Lookout {
  const lookout = new Lookout();
  for (const fact of facts) lookout.take(fact);
  return lookout;
}

test('a healthy stream opens no alert, whatever its traffic', () => {
  fc.assert(
    fc.property(fc.array(healthyStep, { maxLength: 120 }), (steps) => {
      expect(lookoutOn(healthy(steps)).book.alerts).toEqual([]);
    }),
  );
});

test('a queue that stands still is one alert for as long as it does, and over as soon as it does not', () => {
  fc.assert(
    fc.property(
      fc.array(healthyStep, { maxLength: 20 }),
      fc.integer({ min: 15, max: 200 }),
      fc.nat(63),
      fc.integer({ min: 1, max: 62 }),
      (before, length, head, waiting) => {
        const start = 10 + before.length / 10;
        const tail = (head + waiting) % 64;
        const standing = Array.from({ length }, (_, step) =>
          ringAt(start + 0.5 + step / 10, 'tx', { head, tail, nextToUse: tail, nextToClean: head }),
        );
        const lookout = lookoutOn([...healthy(before), ...standing]);
        expect(lookout.book.alerts.map(({ rule, state }) => [rule, state])).toEqual([['queue-stuck', 'open']]);
        expect(lookout.book.alerts[0]?.sinceSeconds).toBeCloseTo(start + 0.5, 6);
        lookout.take(idleTransmit(start + 0.6 + length / 10, tail));
        expect(lookout.book.alerts.map(({ state }) => state)).toEqual(['over']);
      },
    ),
  );
});

test('errors that come and go make an alert for each time that they had rested, and never two at once', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 300 }), (rises) => {
      let value = 0;
      const lookout = new Lookout();
      lookout.take(devicesAre());
      lookout.take(sampleAt(9.9));
      let bursts = 0;
      let quiet = Number.POSITIVE_INFINITY;
      rises.forEach((rise, index) => {
        // A tenth of the steps has errors.
        const by = index % 10 === 0 && rise === 3 ? 1 : 0;
        value += by;
        if (by > 0) {
          if (quiet >= 50) bursts += 1;
          quiet = 0;
        }
        quiet += 1;
        lookout.take(sampleAt(10 + index / 10, { rx_crc_errors: value }));
        expect(lookout.book.open.length).toBeLessThanOrEqual(1);
      });
      // At the edge of the five seconds, rounding decides whether it is one burst or two.
      expect(Math.abs(lookout.book.alerts.length - bursts)).toBeLessThanOrEqual(Math.ceil(rises.length / 50));
      expect(lookout.book.alerts.length > 0).toBe(bursts > 0);
    }),
  );
});

test('the same facts give the same alerts', () => {
  const fact = fc.oneof(
    fc.integer({ min: 0, max: 50 }).map(
      (errors): ((at: number) => FactContent) =>
        (at) =>
          sampleAt(at, { rx_crc_errors: errors }, errors * 9000),
    ),
    fc.nat(63).map((head) => (at: number) => ringAt(at, 'tx', { head, tail: 40, nextToUse: 40, nextToClean: head })),
    fc.boolean().map((carrier) => () => devicesAre({ carrier })),
    fc.constant((at: number) => logAt(at, 'NETDEV WATCHDOG: CPU: 0: transmit queue 1 timed out 5000 ms')),
  );
  fc.assert(
    fc.property(fc.array(fact, { maxLength: 150 }), (makers) => {
      const facts = makers.map((make, index) => make(10 + index / 5));
      const alerts = lookoutOn(facts).book.alerts;
      expect(lookoutOn(facts).book.alerts).toEqual(alerts);
      const open = alerts.filter(({ state }) => state === 'open').map(({ rule, device, queue }) => `${rule} ${device} ${queue}`);
      expect(new Set(open).size).toBe(open.length);
      for (const { sinceSeconds, lastSeconds } of alerts) expect(sinceSeconds).toBeLessThanOrEqual(lastSeconds);
    }),
  );
});

test('a recording of the lab at work is quiet', async () => {
  const opened = await RecordingReader.open(join(import.meta.dirname, '../../fixtures/recording/lab.mcap'));
  if (!opened.ok) throw new Error(opened.error);
  const feed = new FactFeed();
  const lookout = new Lookout();
  for (const { stream, payload } of await framesBetween(opened.value, -1n, opened.value.endNs)) {
    const contents = stream === 0 ? feed.event(JSON.parse(Buffer.from(payload).toString()) as SessionEvent) : feed.bulk(stream, payload);
    for (const content of contents) lookout.take(content);
  }
  await opened.value.close();
  expect(lookout.book.alerts.map(({ rule, text }) => `${rule}: ${text}`)).toEqual([]);
  expect(lookout.situation.nowSeconds).toBeGreaterThan(0);
});
