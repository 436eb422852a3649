import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readLogBatch } from '../../../main/common/layouts/log-batch.ts';
import { KeptLog } from '../../../main/node/session/kept-log.ts';
import { splitBatch } from '../../../main/node/session/log-records.ts';
import { logPayload } from '../../support/wire-payloads.ts';

const batchOf = (from: number, count: number, lost: number) => {
  const batch = splitBatch(
    logPayload(
      Array.from({ length: count }, (_, index) => from + index),
      BigInt(lost),
    ),
  );
  if (!batch.ok) throw new Error(batch.error);
  return batch.value;
};

/** What a window would read: records, and the holes between them. */
const told = (log: KeptLog): (number | string)[] =>
  [...log.payloads()].flatMap((payload) => {
    const batch = readLogBatch(payload);
    if (!batch.ok) throw new Error(batch.error);
    const { lostRecords, records } = batch.value;
    return [...(lostRecords > 0n ? [`lost ${lostRecords}`] : []), ...records.map(({ sequence }) => Number(sequence))];
  });

test('the newest records are told in order, each hole where it was', () => {
  const batches = fc.array(fc.record({ count: fc.nat(300), lost: fc.oneof(fc.constant(0), fc.nat(50)) }), { maxLength: 10 });
  fc.assert(
    fc.property(batches, fc.integer({ min: 1, max: 900 }), (steps, capacity) => {
      const log = new KeptLog(capacity);
      const all: (number | string)[] = [];
      let sequence = 0;
      let waiting = 0;
      for (const { count, lost } of steps) {
        sequence += lost;
        log.add(batchOf(sequence, count, lost));
        waiting += lost;
        if (count > 0 && waiting > 0) {
          all.push(`lost ${waiting}`);
          waiting = 0;
        }
        for (let index = 0; index < count; index += 1) all.push(sequence + index);
        sequence += count;
      }
      if (waiting > 0) all.push(`lost ${waiting}`);
      const numbers = all.filter((one) => typeof one === 'number');
      const first = numbers.at(-capacity);
      const from = numbers.length <= capacity ? 0 : all.indexOf(first ?? 0);
      // A hole right before the oldest record that is told may be told with it.
      const found = told(log);
      const expected = all.slice(from);
      expect(typeof found[0] === 'string' && typeof expected[0] === 'number' ? found.slice(1) : found).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});

test('the same records give the same payloads, however they came', () => {
  const [large, small] = [new KeptLog(5000), new KeptLog(5000)];
  large.add(batchOf(0, 12_000, 0));
  for (let sequence = 0; sequence < 12_000; sequence += 100) small.add(batchOf(sequence, 100, 0));
  const bytes = (log: KeptLog) => [...log.payloads()].map((payload) => Buffer.from(payload).toString('base64'));
  expect(bytes(large)).toEqual(bytes(small));
});
