// What is kept of trace events, and what waits: the same whichever way it is found, and never an event twice or too few.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTraceBatch } from '#common/layouts/trace-batch.ts';
import { newestTraces, rawTrace, TraceQueue, TraceTail } from '../../../main/node/session/trace-batches.ts';
import { tracePayload } from '../../support/wire-payloads.ts';

const devices = ['0000:01:00.0', '0000:02:00.0'];

/** Batches of few events of two devices, in the order of time. */
const batches = fc
  .array(fc.record({ count: fc.integer({ min: 0, max: 6 }), device: fc.constantFrom(...devices) }), { maxLength: 40 })
  .map((shapes) => {
    let timeNs = 0;
    return shapes.map(({ count, device }) => {
      const events = Array.from({ length: count }, () => {
        timeNs += 1;
        return { event: 'poll' as const, timeNs: BigInt(timeNs) };
      });
      return tracePayload(events, { device });
    });
  });

function raw(payload: Uint8Array) {
  const trace = rawTrace(payload);
  if (!trace.ok) throw new Error(trace.error);
  return trace.value;
}

const timesIn = (payload: Uint8Array): number[] => {
  const read = readTraceBatch(payload);
  return read.ok ? read.value.records.map(({ timeNs }) => Number(timeNs)) : [];
};

test('walking back from the newest finds what was kept on the way', async () => {
  await fc.assert(
    fc.asyncProperty(batches, fc.integer({ min: 1, max: 60 }), async (payloads, capacity) => {
      const tail = new TraceTail(capacity);
      for (const payload of payloads) tail.add(raw(payload));
      async function* backwards() {
        yield* [...payloads].reverse();
      }
      expect(await newestTraces(backwards(), capacity)).toEqual(tail.payloads(null));
    }),
  );
});

test('what leaves a queue is what came, but for the oldest that were dropped and counted', () => {
  fc.assert(
    fc.property(batches, fc.integer({ min: 1, max: 300 }), (payloads, capacity) => {
      const queue = new TraceQueue(capacity);
      for (const payload of payloads) queue.put(raw(payload));
      const left: number[] = [];
      for (let waiting = queue.next(); waiting; waiting = queue.next()) left.push(...timesIn(waiting.payload));
      const came = payloads.flatMap(timesIn);
      expect(left).toEqual(came.slice(queue.droppedRecords));
      expect(queue.next()).toBeNull();
    }),
  );
});
