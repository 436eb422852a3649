// The ring of trace events in the window, and what it asks the session for.
import { expect, test } from 'vitest';
import { type OpenTraceBatch, openTraceBatch, type TraceHeader } from '../../../main/common/layouts/trace-batch.ts';
import type { Result } from '../../../main/common/result.ts';
import { Traces } from '../../../renderer/link/traces.ts';
import { FrameLoop } from '../../../renderer/state/frame-loop.ts';
import { TraceEvents } from '../../../renderer/state/trace-events.ts';
import { deviceAddress, type TraceLine, tracePayload } from '../../support/wire-payloads.ts';

const loop = () => new FrameLoop({ requestFrame: (run) => run(), afterPaint: (run) => run() });

function batch(events: readonly TraceLine[], header: Partial<TraceHeader> = {}): OpenTraceBatch {
  const opened = openTraceBatch(tracePayload(events, header));
  if (!opened.ok) throw new Error(opened.error);
  return opened.value;
}
const polls = (...times: number[]) =>
  times.map((time) => ({ event: 'poll' as const, timeNs: BigInt(time), words: [time, 0, 64] as const }));

function timesIn(events: TraceEvents): number[] {
  const trace = events.get(deviceAddress);
  return Array.from({ length: trace?.length ?? 0 }, (_, at) => (trace?.timeNs(at) ?? 0) + 9);
}

test('events keep all their numbers', () => {
  const events = new TraceEvents(loop());
  const line: TraceLine = { event: 'rx_done', timeNs: 10n, cpu: 3, queue: 7, flags: 0x23, dmaAddress: 0xffff_f000n, words: [255, 64, 1] };
  events.add(batch([line]));
  const trace = events.get(deviceAddress);
  expect(trace && [trace.kind(0), trace.cpu(0), trace.queue(0), trace.flags(0), trace.dmaAddress(0)]).toEqual([2, 3, 7, 0x23, 0xffff_f000]);
  expect(trace && [trace.first(0), trace.second(0), trace.third(0), trace.secondsAt(trace.timeNs(0))]).toEqual([255, 64, 1, 1e-8]);
});

test('beyond the capacity the oldest go, and the order stays', () => {
  const events = new TraceEvents(loop(), 4);
  events.add(batch(polls(10, 11, 12)));
  events.add(batch(polls(13, 14, 15)));
  expect(timesIn(events)).toEqual([12, 13, 14, 15]);
});

test('an event that comes a batch late finds its place', () => {
  const events = new TraceEvents(loop(), 5);
  events.add(batch(polls(10, 11, 14), { toNs: 20n }));
  events.add(batch(polls(12, 25), { toNs: 30n }));
  expect(timesIn(events)).toEqual([10, 11, 12, 14, 25]);
  const trace = events.get(deviceAddress);
  expect([0, 1, 2, 3, 4].map((at) => trace?.first(at))).toEqual([10, 11, 12, 14, 25]);
});

test('a batch that is told once more changes nothing', () => {
  const events = new TraceEvents(loop());
  for (const _ of [1, 2]) events.add(batch(polls(10, 11), { lostEvents: 3n }));
  expect(timesIn(events)).toEqual([10, 11]);
  expect(events.get(deviceAddress)?.lostEvents).toBe(3);
});

test('what the kernel and this window left out adds up', () => {
  const events = new TraceEvents(loop());
  events.add(batch(polls(10), { lostEvents: 3n, pausedNs: 500n }));
  events.missed(40);
  expect(events.get(deviceAddress)).toMatchObject({ lostEvents: 43, pausedNs: 500 });
});

test('the rate is that of the last second, and of less once half a second is known', () => {
  const events = new TraceEvents(loop());
  events.add(batch(polls(1_000), { fromNs: 1n, toNs: 400_000_000n }));
  expect(events.get(deviceAddress)?.eventsPerSecond).toBeNull();
  events.add(batch(polls(500_000_000, 500_000_001), { fromNs: 400_000_000n, toNs: 1_000_000_001n }));
  expect(events.get(deviceAddress)?.eventsPerSecond).toBe(3);
  events.add(batch([], { fromNs: 1_000_000_001n, toNs: 3_000_000_000n }));
  expect(events.get(deviceAddress)?.eventsPerSecond).toBe(0);
});

/** A session that remembers what it was asked. */
function asked(answer: Result<null, { code: string; message: string }> = { ok: true, value: null }) {
  const requests: { device: string; events: string[] }[] = [];
  const traces = new Traces();
  traces.serveBy((trace) => {
    requests.push(trace);
    return Promise.resolve(answer);
  });
  return { traces, requests };
}

test('nothing is asked for until somebody switches it on, then what all panels want together', () => {
  const { traces, requests } = asked();
  traces.want({ device: deviceAddress, events: ['tx_post', 'irq'] });
  const end = traces.want({ device: deviceAddress, events: ['rx_done', 'irq'] });
  expect(requests).toEqual([]);
  traces.turn(true);
  end();
  traces.turn(false);
  expect(requests.map(({ events }) => events)).toEqual([['irq', 'rx_done', 'tx_post'], ['irq', 'tx_post'], []]);
});

test('a refusal is known until the next try', async () => {
  const { traces } = asked({ ok: false, error: { code: 'not-available', message: 'There is no tracefs.' } });
  traces.want({ device: deviceAddress, events: ['irq'] });
  traces.turn(true);
  await Promise.resolve();
  expect(traces.store.getState().faults[deviceAddress]?.message).toBe('There is no tracefs.');
  traces.turn(false);
  expect(traces.store.getState().faults).toEqual({});
});

test('a new connection is asked anew, and a recording is asked without a switch', () => {
  const { traces, requests } = asked();
  traces.want({ device: deviceAddress, events: ['irq'] });
  traces.setFree(true);
  traces.serveBy((trace) => {
    requests.push(trace);
    return Promise.resolve({ ok: true, value: null });
  });
  traces.setFree(false);
  expect(requests.map(({ events }) => events)).toEqual([['irq'], ['irq'], []]);
});
