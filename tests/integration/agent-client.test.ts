// The real agent over stdio. RINGSCOPE_AGENT names its binary; what it may not do here (module, traffic) it says itself.
import { type ChildProcess, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { streams } from '#common/frame.ts';
import { readSample } from '#common/layouts/sample.ts';
import type { AgentEvent, AgentVerb } from '#common/protocol.ts';
import { AgentClient } from '../../main/node/agent/agent-client.ts';

const program = process.env.RINGSCOPE_AGENT;
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function startAgent() {
  const child = spawn(program ?? '', ['serve'], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const client = new AgentClient(Duplex.from({ readable: child.stdout, writable: child.stdin }));
  const events: AgentEvent[] = [];
  const faults: string[] = [];
  client.onEvent((event) => events.push(event));
  client.onFault(({ name, detail }) => faults.push(`${name}: ${detail}`));
  return { child, client, events, faults };
}

const withAgent = program ? it : it.skip;
const reason = program ? '' : ' (skipped: RINGSCOPE_AGENT names no agent binary)';

withAgent(`the agent answers hello with hello, module, devices, taken, table and traffic${reason}`, async () => {
  const { client, events, faults } = startAgent();
  expect(await client.hello('integration test')).toMatchObject({ ok: true });
  const types = () => events.map(({ type }) => type).filter((type) => type !== 'notice');
  await expect.poll(() => new Set(types())).toEqual(new Set(['hello', 'module', 'devices', 'taken', 'table', 'traffic']));
  expect(faults).toEqual([]);
});

withAgent(`samples fit the table that came before them${reason}`, async () => {
  const { client, events } = startAgent();
  const samples: Uint8Array[] = [];
  client.onBulk(({ stream, payload }) => stream === streams.sample && samples.push(payload));
  await client.hello('integration test');
  expect(await client.request('sample', { hz: 20 })).toMatchObject({ ok: true });
  await expect.poll(() => samples.length, { timeout: 5000 }).toBeGreaterThan(3);
  const sample = readSample(samples[0] ?? new Uint8Array());
  const table = events.find((event) => event.type === 'table');
  if (!sample.ok || !table) throw new Error('A sample or its table is missing.');
  expect(sample.value.tableId).toBe(table.tableId);
  expect(sample.value.vectors.length).toBe(table.vectors.length * table.cpus.length);
  expect(sample.value.counters.length).toBe(table.counters.length);
});

withAgent(`an unknown verb, bad arguments and a request before hello are refused by name${reason}`, async () => {
  const { client } = startAgent();
  expect(await client.request('cost', {})).toMatchObject({ ok: false, error: { code: 'hello-first' } });
  await client.hello('integration test');
  expect(await client.request('dance' as AgentVerb, {} as never)).toMatchObject({ ok: false, error: { code: 'unknown-verb' } });
  expect(await client.request('mark', { text: 'two\nlines' })).toMatchObject({ ok: false, error: { code: 'bad-arguments' } });
});

withAgent(`the agent exits when its pipe closes${reason}`, async () => {
  const { child, client } = startAgent();
  await client.hello('integration test');
  client.close();
  await expect.poll(() => child.exitCode, { timeout: 5000 }).not.toBeNull();
});
