import { mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { joinLabSession, openJoinServer, sessionSocketPath } from '../../main/node/session/join-server.ts';
import { startSession } from '../../main/node/session/start-session.ts';
import { FakeTarget } from '../support/fake-target.ts';
import { SessionWindow } from '../support/session-window.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ringscope-join-'));
  vi.stubEnv('XDG_RUNTIME_DIR', directory);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

test('a second process joins the running session as a client like any other, and leaves it', async () => {
  const { session, close } = await startSession('one', () => new FakeTarget());
  const transport = await joinLabSession('one');
  if (!transport) throw new Error('The session was not found.');
  const window = new SessionWindow(transport);
  window.send('hello', { protocol: 1, application: 'test' });
  await expect.poll(() => window.order).toEqual(['reply', 'session', 'target', 'terminal']);
  expect(session.clientCount).toBe(1);
  transport.close();
  await expect.poll(() => session.clientCount).toBe(0);
  await close();
});

test('only the owner may use the socket, and it goes with the session', async () => {
  const { close } = await startSession('one', () => new FakeTarget());
  expect(statSync(sessionSocketPath('one')).mode & 0o777).toBe(0o600);
  await close();
  expect(await joinLabSession('one')).toBeNull();
});

test('a second application under the same name is refused in words, and starts nothing', async () => {
  const { close } = await startSession('one', () => new FakeTarget());
  let created = 0;
  const second = startSession('one', () => {
    created += 1;
    return new FakeTarget();
  });
  await expect(second).rejects.toThrow(/already runs the session "one".*close it first/);
  expect(created).toBe(0);
  const { close: closeOther } = await startSession('other', () => new FakeTarget());
  await Promise.all([close(), closeOther()]);
});

test('the socket of a dead process is replaced', async () => {
  const path = sessionSocketPath('one');
  const dead = createServer();
  await new Promise<void>((resolve) => dead.listen(path, resolve));
  // A process that is killed leaves its socket. Node removes it on close, so it is moved away meanwhile.
  renameSync(path, `${path}.kept`);
  await new Promise((resolve) => dead.close(resolve));
  renameSync(`${path}.kept`, path);
  expect(statSync(path).isSocket()).toBe(true);
  expect(await joinLabSession('one')).toBeNull();
  const server = await openJoinServer('one', () => undefined);
  expect(await joinLabSession('one')).not.toBeNull();
  await server.close();
});

test('joining what does not run gives null', async () => {
  expect(await joinLabSession('nothing')).toBeNull();
});

test('closing tells the joined process', async () => {
  const { close } = await startSession('one', () => new FakeTarget());
  const transport = await joinLabSession('one');
  let ends = 0;
  transport?.onClose(() => {
    ends += 1;
  });
  await close();
  await expect.poll(() => ends).toBe(1);
});
