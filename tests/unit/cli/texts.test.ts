import { expect, test } from 'vitest';
import { doctorText } from '../../../main/node/cli/doctor-text.ts';
import { observationText } from '../../../main/node/cli/observation-text.ts';
import { observation } from '../../support/observation.ts';
import { device } from '../../support/wire-payloads.ts';

test('the doctor’s text has each check with its mark, its reason and its command, and counts them', () => {
  const text = doctorText([
    { name: 'kernel', state: 'ok', why: 'New enough.', fix: '' },
    { name: 'headers', state: 'fail', why: 'They are missing.', fix: 'apt-get install linux-headers' },
  ]);
  expect(text).toMatch(/✓ ok\s+kernel\s+New enough\.\n/);
  expect(text).toMatch(/✕ fail\s+headers\s+They are missing\.\n\s+fix: apt-get install linux-headers\n/);
  expect(text).toContain('1 ok, 0 to look at, 1 that keep the driver from this machine');
});

test('an observation’s text joins queues with their interrupts and says what is not offered', () => {
  const { type: _, ...seen } = observation();
  const text = observationText({
    device: { ...device, driver: 'igb' },
    observation: seen,
    interrupts: [{ irq: '27', name: 'lan0-TxRx-0', perCpu: [5, 7] }],
  });
  expect(text).toMatch(/^0000:01:00\.0 {2}igb {2}eth0/);
  expect(text).toMatch(/rx 0\s+8193\s+27\n/);
  expect(text).toMatch(/27\s+lan0-TxRx-0\s+5\s+7\n/);
  expect(text).toContain('Queue statistics\n  igb offers no queue statistics.\n');
  expect(text).toContain('Channels\n  igb offers no channels.\n');
  expect(text).toMatch(/rx_packets\s+1000\n/);
});

test('an observation’s text has the indirection table as ethtool prints it, and byte queue limits', () => {
  const { type: _, ...seen } = observation({
    rss: { values: { indirection: [0, 1, 0, 1, 0, 1, 0, 1, 3], key: '6d5a', hashFunction: 'toeplitz' }, reason: null },
    byteQueueLimits: { items: [{ id: 2, limit: 3028, inflight: 60 }], reason: null },
  });
  const text = observationText({ device, observation: seen, interrupts: [] });
  expect(text).toContain('RSS\n  hash  toeplitz\n  key   6d5a\n  0:  0  1  0  1  0  1  0  1\n  8:  3\n');
  expect(text).toContain('Byte queue limits\n  tx 2  limit 3028  in flight 60\n');
});
