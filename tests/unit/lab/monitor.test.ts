import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Monitor } from '../../../main/node/lab/monitor.ts';

const path = join(tmpdir(), `ringscope-monitor-${process.pid}.sock`);
const server = createServer();
let qemu: Socket;
let monitor: Monitor;
let events: [string, Record<string, unknown>][];

beforeEach(async () => {
  events = [];
  const ours = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  qemu = connect(path);
  monitor = new Monitor(
    await ours,
    (name, data) => events.push([name, data]),
    async () => 'It has ended by SIGSEGV.',
  );
});

afterEach(async () => {
  qemu.destroy();
  await new Promise((resolve) => server.close(resolve));
});

const nextLine = () => new Promise<string>((resolve) => qemu.once('data', (chunk) => resolve(String(chunk))));

test('a command gets the answer that carries its id', async () => {
  const sent = nextLine();
  const answer = monitor.execute('query-status');
  const { id, execute } = JSON.parse(await sent);
  expect(execute).toBe('query-status');
  qemu.write(`${JSON.stringify({ return: 'another', id: id + 1 })}\n${JSON.stringify({ return: { running: true }, id })}\n`);
  expect(await answer).toEqual({ running: true });
});

test("a refusal carries QEMU's own words", async () => {
  const sent = nextLine();
  const answer = monitor.execute('no-such');
  const { id } = JSON.parse(await sent);
  qemu.write(`${JSON.stringify({ error: { class: 'CommandNotFound', desc: 'The command no-such has not been found' }, id })}\n`);
  await expect(answer).rejects.toThrow('CommandNotFound: The command no-such has not been found');
});

test('events between the answers reach the listener', async () => {
  const sent = nextLine();
  const answer = monitor.execute('query-status');
  const { id } = JSON.parse(await sent);
  qemu.write(
    `${JSON.stringify({ event: 'VSERPORT_CHANGE', data: { id: 'agent-port', open: true } })}\n${JSON.stringify({ return: {}, id })}\n`,
  );
  await answer;
  expect(events).toEqual([['VSERPORT_CHANGE', { id: 'agent-port', open: true }]]);
});

test('a command under way is refused when QEMU ends, and so is every later one, with QEMU’s last words', async () => {
  const sent = nextLine();
  const answer = monitor.execute('query-status');
  await sent;
  qemu.destroy();
  await expect(answer).rejects.toThrow('QEMU closed its monitor. It has ended by SIGSEGV.');
  await expect(monitor.execute('query-status')).rejects.toThrow('QEMU closed its monitor. It has ended by SIGSEGV.');
});

test('a connection that QEMU resets ends the monitor and nothing else', async () => {
  const sent = nextLine();
  const answer = monitor.execute('query-status');
  await sent;
  // Bytes that nobody read make the system reset a Unix connection instead of closing it.
  qemu.pause();
  const second = monitor.execute('query-chardev');
  qemu.destroy();
  await expect(answer).rejects.toThrow('QEMU closed its monitor.');
  await expect(second).rejects.toThrow('QEMU closed its monitor.');
});
