// The driver's trace events through the agent: in order, on the clock of samples, without loss, and out of the way when the module or the agent goes.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { streams } from '../../main/common/frame.ts';
import { readSample } from '../../main/common/layouts/sample.ts';
import type { spreadOf } from '../../main/common/trace/durations.ts';
import { completeOrStarved, type TraceEventName, traceEventNames } from '../../main/common/trace/event-kinds.ts';
import { interruptToPoll, lifeTimes } from '../../main/common/trace/latencies.ts';
import { followRing, type SlotLife } from '../../main/common/trace/slot-life.ts';
import { viewOfPoints } from '../../main/common/trace/trace-view.ts';
import type { GuestAgent } from '../support/guest-agents.ts';
import { GuestShell } from '../support/guest-shell.ts';
import { runPiped } from '../support/piped-agent.ts';
import { TraceTap } from '../support/trace-tap.ts';

const device = '0000:01:00.0';
const tracing = '/sys/kernel/tracing';
const all: TraceEventName[] = [...traceEventNames];
const frames = 4000;
const traffic = { running: true, direction: 'both', framesPerSecond: 2000, frameBytes: 256 } as const;
let guest: GuestShell;
let agent: GuestAgent;

beforeAll(async () => {
  guest = await GuestShell.boot('test-agent-trace');
  agent = await guest.agents.next();
  await agent.do('load-module', {});
  await guest.linkUp();
  await guest.partnerUp();
});
afterAll(() => guest?.[Symbol.asyncDispose]());

const instances = async () => (await guest.run(`ls ${tracing}/instances`)).trim();

/** Both ports send so many frames; resolves when they have. */
async function send(count: number): Promise<void> {
  await agent.do('traffic', { ...traffic, frames: count });
  await agent.event('traffic', ({ running }) => running);
  await agent.event('traffic', ({ running }) => !running);
}

test('nothing is there while nobody asks', async () => {
  expect(await instances()).toBe('');
  expect((await guest.run(`cat ${tracing}/events/rigb/enable`)).trim()).toBe('0');
});

test('under 2000 frames a second each way every event comes, in order and on the clock of samples', async () => {
  const tap = new TraceTap(agent);
  const samples: bigint[] = [];
  agent.client.onBulk(({ stream, payload }) => {
    const sample = stream === streams.sample ? readSample(payload) : null;
    if (sample?.ok) samples.push(sample.value.timeNs);
  });
  await agent.do('sample', { hz: 10 });
  await agent.do('trace', { device, events: all });
  const costs: number[] = [];
  agent.client.onEvent((event) => void (event.type === 'cost' && costs.push(event.cpuPercent)));
  await send(frames);
  await tap.until('all frames', () => tap.of('rx_done').length >= frames && tap.of('tx_done').length >= frames);
  await agent.do('trace', { device, events: [] });
  expect(await instances()).toBe('');

  const { batches, records, points } = tap;
  const seconds = Number((batches.at(-1)?.toNs ?? 0n) - (batches[0]?.fromNs ?? 0n)) / 1e9;
  process.stdout.write(
    `${records.length} events in ${seconds.toFixed(1)} s, ${tap.lostEvents} lost, agent at most ${Math.max(...costs).toFixed(1)} % CPU\n`,
  );
  expect([tap.lostEvents, batches.filter(({ pausedNs }) => pausedNs > 0n)]).toEqual([0, []]);
  const times = records.map(({ timeNs }) => timeNs);
  expect(times.findIndex((time, at) => at > 0 && time < (times[at - 1] ?? 0n))).toBe(-1);
  for (const [at, { fromNs, toNs, records: own }] of batches.entries()) {
    if (at > 0) expect(fromNs).toBe(batches[at - 1]?.toNs);
    expect(own.every(({ timeNs }) => timeNs <= toNs)).toBe(true);
  }
  // Ten samples a second on the same clock: the trace began after one of them and ended before another is due.
  const within = samples.filter((time) => time > (times[0] ?? 0n) && time < (times.at(-1) ?? 0n));
  expect(within.length).toBeGreaterThan(10);
  expect(new Set(records.map(({ event }) => event))).toEqual(new Set(all));

  const received = tap.of('poll').reduce((sum, { words }) => sum + words[0], 0);
  expect(Math.abs(received - tap.of('rx_done').length)).toBeLessThanOrEqual(64);

  const view = viewOfPoints(points);
  const queues = [...new Set(tap.of('poll').map(({ queue }) => queue))];
  for (const queue of queues) {
    const inWords = (name: string, { count, p50Ns, p99Ns, maxNs }: ReturnType<typeof spreadOf>) =>
      process.stdout.write(`queue ${queue} ${name}: ${count}, p50 ${p50Ns} p99 ${p99Ns} max ${maxNs} ns\n`);
    inWords('posted to done (tx)', lifeTimes(view, { kind: 'tx', queue }));
    inWords('done to refilled (rx)', lifeTimes(view, { kind: 'rx', queue }));
    inWords('interrupt to poll', interruptToPoll(view, { vector: queue, queue }));
  }
  const lives: SlotLife[] = [];
  for (const queue of queues) followRing(view, { kind: 'tx', queue }, (life) => lives.push(life));
  const whole = lives.filter(({ doorbellNs, doneNs }) => doorbellNs !== null && doneNs !== null);
  expect(whole.length).toBeGreaterThan(frames - 300);
  expect(whole.every(({ postedNs, doorbellNs, doneNs }) => postedNs <= (doorbellNs ?? 0) && (doorbellNs ?? 0) <= (doneNs ?? 0))).toBe(true);
});

test('only the events that were asked for come', async () => {
  const tap = new TraceTap(agent);
  await agent.do('trace', { device, events: ['poll'] });
  await send(200);
  await tap.until('polls', () => tap.of('poll').length > 20);
  await agent.do('trace', { device, events: ['irq'] });
  await send(200);
  await tap.until('interrupts', () => tap.of('irq').length > 20);
  await agent.do('trace', { device, events: [] });
  expect(new Set(tap.records.map(({ event }) => event))).toEqual(new Set(['poll', 'irq']));
  const [firstInterrupt] = tap.of('irq');
  expect(tap.of('poll').every(({ timeNs }) => timeNs < (firstInterrupt?.timeNs ?? 0n))).toBe(true);
});

test('the driver counts as exhausted those polls that the trace shows to end with work left', async () => {
  const file = `/sys/kernel/debug/rigb/${device}/vectors`;
  // A header of 40 bytes, then 48 a vector, of which the last eight are the count.
  const exhausted = async () =>
    (await guest.run(`od -An -v -t u8 -w48 -j 40 ${file}`))
      .trim()
      .split('\n')
      .reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[5]), 0);
  const tap = new TraceTap(agent);
  const before = await exhausted();
  await agent.do('trace', { device, events: ['poll'] });
  await agent.do('traffic', { ...traffic, framesPerSecond: 1_000_000, frameBytes: 60, frames: 50_000 });
  await agent.event('traffic', ({ running }) => running);
  await agent.event('traffic', ({ running }) => !running);
  await agent.do('trace', { device, events: [] });
  const unfinished = tap.of('poll').filter(({ flags }) => (flags & completeOrStarved) === 0).length;
  expect(tap.lostEvents).toBe(0);
  expect(unfinished).toBeGreaterThan(0);
  expect((await exhausted()) - before).toBe(unfinished);
});

test('a device that rigb does not drive is refused', async () => {
  expect(await agent.refused('trace', { device: '0000:02:00.0', events: ['irq'] })).toMatchObject({ code: 'not-available' });
});

test('another agent is told that somebody traces already, and takes nothing away', async () => {
  const tap = new TraceTap(agent);
  await agent.do('trace', { device, events: ['poll'] });
  const { messages } = await runPiped(guest, 'ringscope-agent serve', [
    { verb: 'hello', arguments: { protocol: 1, application: 'test' } },
    { verb: 'trace', arguments: { device, events: ['poll'] } },
  ]);
  expect(messages.find(({ type, id }) => type === 'reply' && id === 2)).toMatchObject({ ok: false, error: { code: 'busy' } });
  await send(200);
  await tap.until('polls', () => tap.of('poll').length > 20);
  await agent.do('trace', { device, events: [] });
});

test('the module goes while its events stream, and has them again when it comes back', async () => {
  const tap = new TraceTap(agent);
  await agent.do('trace', { device, events: all });
  await agent.do('traffic', { ...traffic, direction: 'receive' });
  await tap.until('traffic', () => tap.of('rx_done').length > 500);
  await agent.do('unload-module', {});
  expect(await guest.run('grep -c "^rigb " /proc/modules || true')).toBe('0\n');
  expect(await instances()).toBe('');
  await agent.do('traffic', { ...traffic, running: false });
  await agent.event('traffic', ({ running }) => !running);
  await agent.do('load-module', {});
  await guest.linkUp();
  await guest.partnerUp();
  await agent.do('trace', { device, events: all });
  const told = tap.records.length;
  await send(200);
  await tap.until('events of the new module', () => tap.records.length > told + 200);
});

test('an agent that is killed while it traces leaves nothing on for the next', async () => {
  expect(await instances()).toBe('ringscope');
  await guest.run('killall -9 ringscope-agent');
  await agent.ended;
  agent = await guest.agents.next();
  expect(await instances()).toBe('');
  expect((await guest.run(`cat ${tracing}/events/rigb/enable`)).trim()).toBe('0');
  const tap = new TraceTap(agent);
  await agent.do('trace', { device, events: all });
  await send(200);
  await tap.until('traffic', () => tap.of('rx_done').length > 50);
  await agent.do('trace', { device, events: [] });
});

test('the kernel has no complaint', async () => {
  expect(await guest.complaints()).toEqual([]);
});
