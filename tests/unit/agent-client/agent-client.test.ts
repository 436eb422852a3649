import { afterEach, expect, test, vi } from 'vitest';
import { streams } from '#common/frame.ts';
import type { AgentEvent } from '#common/protocol.ts';
import { AgentClient } from '../../../main/node/agent/agent-client.ts';
import { settle } from '../../support/session-window.ts';
import { WireAgent } from '../../support/wire-agent.ts';
import { samplePayload, trafficEvent } from '../../support/wire-payloads.ts';

afterEach(() => vi.useRealTimers());

function joined() {
  const agent = new WireAgent();
  const client = new AgentClient(agent.pipe);
  const faults: string[] = [];
  const ends: string[] = [];
  const events: AgentEvent[] = [];
  client.onFault(({ name }) => faults.push(name));
  client.onEnd((reason) => ends.push(reason));
  client.onEvent((event) => events.push(event));
  return { agent, client, faults, ends, events };
}

test('hello is asked with the protocol and the application, and is accepted', async () => {
  const { agent, client } = joined();
  expect(await client.hello('ringscope test')).toEqual({ ok: true, value: undefined });
  expect(agent.requests).toEqual([{ type: 'request', id: 1, verb: 'hello', arguments: { protocol: 1, application: 'ringscope test' } }]);
});

test('a refusal comes back as a value with its remedy', async () => {
  const { agent, client } = joined();
  const refusal = { code: 'no-permission', message: 'Not root.', remedy: 'Use sudo.' };
  agent.answer = () => refusal;
  expect(await client.request('load-module', {})).toEqual({ ok: false, error: refusal });
});

test('replies find their requests in whatever order they come', async () => {
  const { agent, client } = joined();
  agent.answer = () => 'silence';
  const answers = [client.request('cost', {}), client.request('mark', { text: 'x' })];
  await settle();
  agent.tell({ type: 'reply', id: 2, ok: false, error: { code: 'failed', message: 'second' } });
  agent.tell({ type: 'reply', id: 1, ok: true });
  expect(await Promise.all(answers)).toMatchObject([{ ok: true }, { ok: false, error: { message: 'second' } }]);
});

test('a request without an answer ends with its limit, and a late reply disturbs nobody', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { agent, client, faults } = joined();
  agent.answer = () => 'silence';
  const answer = client.request('cost', {});
  await settle();
  vi.advanceTimersByTime(10_000);
  expect(await answer).toEqual({ ok: false, error: { code: 'failed', message: 'The agent did not answer `cost` within 10 s.' } });
  agent.tell({ type: 'reply', id: 1, ok: true });
  await settle();
  expect(faults).toEqual([]);
});

test('events and bulk frames reach their listeners untouched', async () => {
  const { agent, client, events } = joined();
  const frames: Uint8Array[] = [];
  client.onBulk(({ payload }) => frames.push(payload));
  agent.tell(trafficEvent(true));
  agent.send(streams.sample, samplePayload(7n));
  await settle();
  expect(events).toEqual([trafficEvent(true)]);
  expect(frames.map((payload) => [...payload])).toEqual([[...samplePayload(7n)]]);
});

test('bad JSON, unknown messages and gaps are named, and the connection goes on', async () => {
  const { agent, client, faults, events } = joined();
  agent.send(streams.control, Buffer.from('{"type":'));
  agent.send(streams.control, Uint8Array.of(0xff, 0xfe));
  agent.tell({ type: 'weather', sky: 'blue' });
  agent.tell({ type: 'reply', id: 'one' });
  agent.skip(streams.control, 3);
  agent.tell(trafficEvent(false));
  await settle();
  expect(faults).toEqual(['bad-json', 'bad-json', 'bad-message', 'bad-message', 'sequence-gap']);
  expect(events).toEqual([trafficEvent(false)]);
  expect(await client.request('cost', {})).toMatchObject({ ok: true });
});

test('a lost framing is named, ends the client and refuses what is outstanding', async () => {
  const { agent, client, faults, ends } = joined();
  agent.answer = () => 'silence';
  const answer = client.request('cost', {});
  await settle();
  agent.raw(Uint8Array.of(0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0));
  expect(await answer).toMatchObject({ ok: false, error: { code: 'target-not-live' } });
  expect(faults).toEqual(['unknown-kind']);
  expect(ends).toEqual(['The agent’s pipe lost its framing.']);
});

test('a pipe that ends inside a frame is truncated, and every later request is refused at once', async () => {
  const { agent, client, faults, ends } = joined();
  agent.raw(Uint8Array.of(9, 0, 0, 0, 0));
  agent.end();
  await settle();
  expect(faults).toEqual(['truncated']);
  expect(ends).toEqual(['The agent has ended.']);
  const answer = await client.request('cost', {});
  expect(answer).toEqual({
    ok: false,
    error: { code: 'target-not-live', message: 'The agent has ended. No answer to `cost` can come.' },
  });
});
