// Each detector on facts made by hand: what opens an alert, what keeps it one, what ends it.
import { describe, expect, test } from 'vitest';
import type { Alert } from '#common/alerts/alert.ts';
import type { FactContent } from '#common/alerts/fact.ts';
import { Lookout } from '#common/alerts/lookout.ts';
import { devicesAre, idleReceive, idleTransmit, logAt, ringAt, sampleAt, vectorsAt } from '../../support/fact-stream.ts';
import { observation } from '../../support/observation.ts';

function alertsOf(...facts: FactContent[]): readonly Alert[] {
  const lookout = new Lookout();
  lookout.take(devicesAre());
  for (const fact of facts) lookout.take(fact);
  return lookout.book.alerts;
}

const steps = (count: number, stepSeconds: number, make: (seconds: number, step: number) => FactContent): FactContent[] =>
  Array.from({ length: count }, (_, step) => make(10 + step * stepSeconds, step));

const stuckTransmit = (seconds: number) => ringAt(seconds, 'tx', { head: 5, tail: 20, nextToUse: 20, nextToClean: 5 });

describe('a stuck queue', () => {
  test('is a transmit ring whose head stays behind its tail', () => {
    const [alert, ...others] = alertsOf(...steps(20, 0.1, stuckTransmit));
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ rule: 'queue-stuck', severity: 'error', queue: 'tx:0', sinceSeconds: 10, state: 'open' });
    expect(alert?.text).toContain('15 descriptors wait, and the card does not fetch them');
    expect(alert?.evidence).toContainEqual({ what: 'TDH', value: 5, unit: '', atSeconds: alert?.lastSeconds });
  });

  test('stays one while software goes on posting behind the head', () => {
    const posting = steps(20, 0.1, (at, step) => ringAt(at, 'tx', { head: 5, tail: 20 + step, nextToUse: 20 + step, nextToClean: 5 }));
    expect(alertsOf(...posting)).toHaveLength(1);
  });

  test('is over once the head has moved', () => {
    const [alert] = alertsOf(...steps(20, 0.1, stuckTransmit), idleTransmit(13, 20));
    expect(alert?.state).toBe('over');
  });

  test('is a receive ring whose written back descriptor nobody cleans, while the card fills the rest', () => {
    const filling = steps(20, 0.1, (at, step) =>
      ringAt(at, 'rx', { head: 10 + step, tail: 3, nextToUse: 3, nextToClean: 4 }, { done: [4, 5, 6] }),
    );
    expect(alertsOf(...filling)[0]?.text).toContain('the driver does not clean them');
  });

  test('is a ring of which the driver never told the card', () => {
    const untold = steps(20, 0.1, (at) => ringAt(at, 'tx', { head: 5, tail: 5, nextToUse: 9, nextToClean: 5 }));
    expect(alertsOf(...untold)[0]?.text).toContain('TDT is behind next_to_use');
  });

  test('is none that was set up anew, or whose interface is down', () => {
    const renewed = steps(20, 0.1, (at, step) =>
      ringAt(at, 'tx', { head: 5, tail: 20, nextToUse: 20, nextToClean: 5 }, { change: { generation: BigInt(step) } }),
    );
    const down = steps(20, 0.1, (at) =>
      ringAt(at, 'tx', { head: 5, tail: 20, nextToUse: 20, nextToClean: 5 }, { change: { isRunning: false } }),
    );
    expect([...alertsOf(...renewed), ...alertsOf(...down)]).toEqual([]);
  });

  test('is none while a snapshot itself saw the head move', () => {
    const moving = steps(20, 0.1, (at) =>
      ringAt(
        at,
        'tx',
        { head: 5, tail: 20, nextToUse: 20, nextToClean: 5 },
        { change: { before: { head: 4, tail: 20, nextToUse: 20, nextToClean: 4 } } },
      ),
    );
    expect(alertsOf(...moving)).toEqual([]);
  });

  test('is none whose card is gone and reads as ones: that is for the autopsy to say', () => {
    const gone = { head: 0xffff_ffff, tail: 0xffff_ffff, nextToUse: 20, nextToClean: 5 };
    expect(alertsOf(...steps(20, 0.1, (at) => ringAt(at, 'tx', gone)))).toEqual([]);
  });
});

describe('a TX timeout', () => {
  const watchdog = 'rigb 0000:01:00.0 eth0: NETDEV WATCHDOG: CPU: 1: transmit queue 0 timed out 5120 ms';
  const hang = 'rigb 0000:01:00.0 eth0: transmit queue 0 hangs: next_to_use 20, next_to_clean 5, TDH 5, TDT 20';

  test('is the kernel’s watchdog line and the driver’s own, as one', () => {
    const alerts = alertsOf(logAt(20, watchdog, 2), logAt(20.1, hang, 3));
    expect(alerts).toHaveLength(1);
    expect(alerts[0]).toMatchObject({ rule: 'tx-timeout', device: '0000:01:00.0', queue: 'tx:0', sinceSeconds: 20, state: 'open' });
    expect(alerts[0]?.evidence.map(({ what, value }) => [what, value])).toContainEqual(['TDH', 5]);
  });

  test('is over after ten quiet seconds, and another one then', () => {
    expect(alertsOf(logAt(20, watchdog, 2), sampleAt(29)).map(({ state }) => state)).toEqual(['open']);
    expect(alertsOf(logAt(20, watchdog, 2), sampleAt(30), logAt(40, watchdog, 2)).map(({ state }) => state)).toEqual(['open', 'over']);
  });

  test('is said by igb in words of its own, the queue among them', () => {
    const said = 'igb 0000:01:00.0: Detected Tx Unit Hang\n  Tx Queue             <3>\n  TDH                  <5>';
    expect(alertsOf(logAt(20, said, 3))[0]).toMatchObject({ queue: 'tx:3' });
  });
});

describe('an interrupt storm', () => {
  const lasting = (perSecond: number, change: { frames?: number; seconds?: number; from?: number } = {}) => {
    const { frames = 0, seconds = 3, from = 10 } = change;
    return steps(seconds * 10 + 1, 0.1, (at, step) =>
      sampleAt(at - 10 + from, { rx_packets: Math.round(step * frames * 0.1) }, Math.round(step * perSecond * 0.1)),
    );
  };
  const served = vectorsAt(9.5, {});
  const without = vectorsAt(9.5, { queue: null, roles: ['link'] });

  test('is a vector above any moderation where nobody tells what it brings', () => {
    const [alert, ...others] = alertsOf(...lasting(120_000));
    expect(others).toEqual([]);
    expect(alert).toMatchObject({ rule: 'interrupt-storm', queue: 'irq 27', state: 'open', sinceSeconds: 10 });
    expect(alert?.text).toBe('eth0-TxRx-0 (IRQ 27) interrupts 120,000 times a second; nobody counts its frames.');
    expect(alertsOf(...lasting(70_000))).toEqual([]);
  });

  test('is many interrupts that bring next to nothing', () => {
    expect(alertsOf(served, ...lasting(20_000, { frames: 100 }))[0]?.text).toContain('20,000 times a second for 0.01 frames each');
  });

  test('is none that brings frames, however often', () => {
    expect(alertsOf(served, ...lasting(100_000, { frames: 600_000 }))).toEqual([]);
  });

  test('is measured against the frames of the vector’s own queues where they are told', () => {
    const seen = (seconds: number, packets: number): FactContent => ({
      kind: 'observation',
      observation: {
        ...observation({ timeNs: String(seconds * 1e9) }),
        queueStatistics: {
          items: [
            { kind: 'rx', id: 0, values: { 'rx-packets': packets } },
            { kind: 'tx', id: 0, values: { 'tx-packets': 0 } },
          ],
          reason: null,
        },
      },
    });
    const idleQueue = [seen(9, 0), seen(10, 5)];
    const busyQueue = [seen(9, 0), seen(10, 20_000)];
    const busyCard = lasting(20_000, { frames: 600_000 });
    expect(alertsOf(served, ...idleQueue, ...busyCard)).toHaveLength(1);
    expect(alertsOf(served, ...busyQueue, ...busyCard)).toEqual([]);
  });

  test('is many interrupts that mostly find nothing, as the driver says', () => {
    const counts = steps(4, 1, (at, step) => vectorsAt(at, { handled: BigInt(step * 8000), spurious: BigInt(step * 6000) }));
    const both = lasting(8_000, { frames: 8_000, seconds: 4 }).flatMap((sample, at) =>
      at % 10 === 0 ? [counts[at / 10] ?? sample, sample] : [sample],
    );
    expect(alertsOf(...both)[0]?.text).toContain('75 % of that for nothing');
  });

  test('of a vector without a queue needs few', () => expect(alertsOf(without, ...lasting(2_000))[0]?.text).toContain('serves no queue'));

  test('is no burst', () => expect(alertsOf(served, ...lasting(50_000, { seconds: 1 }))).toEqual([]));

  test('is over when it calms down, not when it pauses for breath', () => {
    const storm = lasting(120_000);
    expect(alertsOf(...storm, sampleAt(14.05, {}, 360_000 + 105_000))[0]?.state).toBe('open');
    expect(alertsOf(...storm, sampleAt(14.5, {}, 360_100), sampleAt(16, {}, 360_200))[0]?.state).toBe('over');
  });
});

describe('a ring overrun', () => {
  test('is a rising count of missed frames, until it rests for five seconds', () => {
    const rising = steps(20, 0.1, (at, step) => sampleAt(at, { rx_missed_errors: step }));
    const [alert] = alertsOf(...rising);
    expect(alert).toMatchObject({ rule: 'ring-overrun', device: '0000:01:00.0', state: 'open' });
    expect(alert?.evidence[0]).toMatchObject({ what: 'netdev rx_missed_errors rose by', value: 19 });
    const resting = [14, 16.8, 16.95].map((at) => sampleAt(at, { rx_missed_errors: 19 }));
    expect(alertsOf(...rising, ...resting.slice(0, 2)).map(({ state }) => state)).toEqual(['open']);
    expect(alertsOf(...rising, ...resting).map(({ state }) => state)).toEqual(['over']);
  });

  test('is a receive ring without a descriptor for the card, twice in a row', () => {
    const full = (at: number) => ringAt(at, 'rx', { head: 9, tail: 9, nextToUse: 9, nextToClean: 10 });
    expect(alertsOf(full(10))).toEqual([]);
    expect(alertsOf(full(10), full(10.1))[0]).toMatchObject({ rule: 'ring-overrun', queue: 'rx:0' });
    expect(alertsOf(full(10), full(10.1), idleReceive(10.2, 20))[0]?.state).toBe('over');
  });
});

test('errors grow: a rise is an alert, a counter that was started anew is not', () => {
  const alerts = alertsOf(sampleAt(10, { rx_crc_errors: 40 }), sampleAt(10.1, { rx_crc_errors: 0 }), sampleAt(10.2, { rx_crc_errors: 0 }));
  expect(alerts).toEqual([]);
  const [alert] = alertsOf(sampleAt(10, { rx_crc_errors: 40 }), sampleAt(10.1, { rx_crc_errors: 42, tx_errors: 1 }));
  expect(alert).toMatchObject({ rule: 'growing-errors', sinceSeconds: 10, text: 'Errors grow: netdev rx_crc_errors, netdev tx_errors.' });
});

test('errors of the PCIe link grow too', () => {
  const seen = (timeNs: string, correctable: number): FactContent => {
    const look = observation({ timeNs });
    return { kind: 'observation', observation: { ...look, pcie: { ...look.pcie, aer: { correctable, nonfatal: 0, fatal: 0 } } } };
  };
  expect(alertsOf(seen('10000000000', 1), seen('11000000000', 4))[0]?.text).toBe('Errors grow: PCIe correctable errors.');
});

describe('a flapping link', () => {
  const changes = (...states: boolean[]) => states.flatMap((carrier, step) => [sampleAt(10 + step), devicesAre({ carrier })]);

  test('changes three times within half a minute', () => {
    expect(alertsOf(...changes(true, false, true))).toEqual([]);
    const [alert] = alertsOf(...changes(true, false, true, false));
    expect(alert).toMatchObject({ rule: 'link-flap', sinceSeconds: 11, state: 'open', text: 'The link changed 3 times within 30 s.' });
    expect(alert?.evidence.map(({ value }) => value)).toEqual(['down', 'up', 'down']);
  });

  test('is found in the log when it was too quick to be seen, and is not counted twice', () => {
    const lines = ['up', 'down', 'up', 'down'].map((word, step) => logAt(10 + step / 10, `rigb 0000:01:00.0 eth0: link ${word}`));
    const alerts = alertsOf(...lines, ...changes(true, false));
    expect(alerts).toHaveLength(1);
    expect(alerts[0]?.evidence).toHaveLength(3);
  });

  test('is over when it has stayed as it is for the whole time', () => {
    expect(alertsOf(...changes(true, false, true, false), sampleAt(45))[0]?.state).toBe('over');
  });

  test('is none that was taken down', () => {
    const down = [true, null, true, null, true, null].flatMap((carrier, step) => [sampleAt(10 + step), devicesAre({ carrier })]);
    expect(alertsOf(...down)).toEqual([]);
  });
});

describe('an agent gap', () => {
  test('is a hole between samples, over with the next', () => {
    const [alert] = alertsOf(sampleAt(10), sampleAt(14));
    expect(alert).toMatchObject({ rule: 'agent-gap', sinceSeconds: 10, lastSeconds: 14, state: 'over' });
  });

  test('is silence while time passes', () => {
    const lookout = new Lookout();
    lookout.take(sampleAt(10));
    lookout.tick(12);
    expect(lookout.book.open).toEqual([]);
    lookout.tick(14);
    lookout.tick(15);
    expect(lookout.book.alerts).toMatchObject([{ rule: 'agent-gap', sinceSeconds: 10, lastSeconds: 15, state: 'open' }]);
  });

  test('is what got lost on the way', () => {
    const lost: FactContent = { kind: 'gap', count: 12, what: 'lost log records', text: '12 records were lost.' };
    expect(alertsOf(sampleAt(10), lost)[0]).toMatchObject({ rule: 'agent-gap', text: '12 records were lost.', state: 'open' });
    const after = [11, 13, 15.5].map((seconds) => sampleAt(seconds));
    expect(alertsOf(sampleAt(10), lost, ...after)[0]?.state).toBe('over');
  });
});

test('another boot ends everything', () => {
  expect(alertsOf(...steps(20, 0.1, stuckTransmit), { kind: 'restart' })).toEqual([]);
});
