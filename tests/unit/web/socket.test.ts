import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { encodeFrame, headerBytes, maximumPayloadBytes } from '#common/frame.ts';
import type { Transport } from '#common/transport.ts';
import { startServer, type WebServer } from '../../../main/web/server.ts';
import { closingCode, enter, files, knock, nextMessage, statusOf, tokenOf } from './page.ts';

let server: WebServer;
let attached: Transport[];
beforeEach(async () => {
  attached = [];
  server = await startServer({ files, port: 0, attach: (transport) => attached.push(transport) });
});
afterEach(() => server.close());

const frame = encodeFrame({ stream: 0, sequence: 0, payload: new Uint8Array([1, 2, 3]) });

function only(): Transport {
  const [transport] = attached;
  if (!transport || attached.length !== 1) throw new Error(`${attached.length} transports are attached, not one.`);
  return transport;
}

describe('the upgrade', () => {
  it('is granted to our own page under either of our names', async () => {
    expect(await statusOf(knock(server.port))).toBe(101);
    expect(await statusOf(knock(server.port, { host: `localhost:${server.port}` }))).toBe(101);
  });

  it('is refused to a page of any other origin, and without an origin', async () => {
    const { port } = server;
    const foreign = [
      'http://evil.example',
      `http://evil.example:${port}`,
      `https://127.0.0.1:${port}`,
      `http://localhost:${port}`,
      'null',
      null,
    ];
    for (const origin of foreign) expect(await statusOf(knock(port, { origin })), String(origin)).toBe(403);
  });

  it('is refused to a name that was rebound to our address', async () => {
    expect(await statusOf(knock(server.port, { host: `evil.example:${server.port}` }))).toBe(421);
  });

  it('is refused anywhere but at /socket', async () => {
    expect(await statusOf(knock(server.port, { path: '/' }))).toBe(404);
    expect(await statusOf(knock(server.port, { path: '/socket?x' }))).toBe(404);
  });

  it.runIf(process.getuid?.() === 0)(
    'is refused to another user of this machine, whatever it knows (only root can act as another user)',
    async () => {
      const head = [
        'GET /socket HTTP/1.1',
        `Host: 127.0.0.1:${server.port}`,
        `Origin: http://127.0.0.1:${server.port}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
      ];
      const request = [...head, 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', '', ''].join('\r\n');
      const script = `require('node:net').connect(${server.port}, '127.0.0.1', function () { this.pipe(process.stdout); this.write(${JSON.stringify(request)}); })`;
      const answer = (user: number) => {
        const child = spawn(process.execPath, ['-e', script], { uid: user, cwd: '/', stdio: ['ignore', 'pipe', 'inherit'] });
        onTestFinished(() => void child.kill());
        return once(child.stdout, 'data').then(([bytes]) => String(bytes).split('\r\n')[0]);
      };
      expect(await answer(65534)).toBe('HTTP/1.1 403 Forbidden');
      expect(await answer(0)).toBe('HTTP/1.1 101 Switching Protocols');
    },
  );

  it('never compresses', async () => {
    const socket = knock(server.port);
    expect(await statusOf(socket)).toBe(101);
    expect(socket.extensions).toBe('');
  });
});

describe('the token', () => {
  it('has 256 bits, travels in the fragment and differs each time', () => {
    const [one, two] = [server.newAddress(), server.newAddress()];
    expect(one).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${server.port}/#token=[A-Za-z0-9_-]{43}$`));
    expect(tokenOf(one)).not.toBe(tokenOf(two));
  });

  it('opens one connection, and the answer holds the next token', async () => {
    const token = tokenOf(server.newAddress());
    const { resume } = await enter(server.port, token);
    expect(resume).not.toBe(token);
    expect(attached).toHaveLength(1);
    await enter(server.port, resume);
    expect(attached).toHaveLength(2);
  });

  it.each(['used', 'resumed twice', 'made up', 'malformed', 'binary', 'empty'])('is refused with 4401 when %s', async (kind) => {
    const token = tokenOf(server.newAddress());
    const first = await enter(server.port, token);
    if (kind === 'resumed twice') await enter(server.port, first.resume);
    const before = attached.length;
    const messages: Record<string, string | Buffer> = {
      used: JSON.stringify({ token }),
      'resumed twice': JSON.stringify({ token: first.resume }),
      'made up': JSON.stringify({ token: 'A'.repeat(43) }),
      malformed: '{"token":',
      binary: Buffer.from(JSON.stringify({ token: tokenOf(server.newAddress()) })),
      empty: '',
    };
    const socket = knock(server.port);
    await once(socket, 'open');
    socket.send(messages[kind] ?? '');
    expect(await closingCode(socket)).toBe(4401);
    expect(attached).toHaveLength(before);
  });
});

describe('an accepted socket', () => {
  it('passes frames both ways', async () => {
    const { socket } = await enter(server.port, tokenOf(server.newAddress()));
    const arrived = new Promise<Uint8Array>((resolve) => only().onFrame(resolve));
    socket.send(frame);
    expect(new Uint8Array(await arrived)).toEqual(frame);
    only().send(frame);
    expect(await nextMessage(socket)).toEqual(frame);
  });

  it('carries the longest frame and closes over a longer one', async () => {
    const { socket } = await enter(server.port, tokenOf(server.newAddress()));
    const arrived = new Promise<Uint8Array>((resolve) => only().onFrame(resolve));
    socket.send(encodeFrame({ stream: 1, sequence: 0, payload: new Uint8Array(maximumPayloadBytes) }));
    expect((await arrived).length).toBe(headerBytes + maximumPayloadBytes);
    const ended = new Promise<void>((resolve) => only().onClose(resolve));
    socket.send(new Uint8Array(headerBytes + maximumPayloadBytes + 1));
    expect(await closingCode(socket)).toBe(1009);
    await ended;
  });

  it.each([
    ['text', 'hello'],
    ['less than a header', Buffer.alloc(headerBytes - 1)],
  ])('closes over %s', async (_kind, message) => {
    const { socket } = await enter(server.port, tokenOf(server.newAddress()));
    const ended = new Promise<void>((resolve) => only().onClose(resolve));
    socket.send(message);
    expect(await closingCode(socket)).toBe(1003);
    await ended;
  });

  it('tells the session once when the page goes away, and takes nothing after that', async () => {
    const { socket } = await enter(server.port, tokenOf(server.newAddress()));
    let ends = 0;
    const ended = new Promise<void>((resolve) => {
      only().onClose(() => {
        ends += 1;
        resolve();
      });
    });
    socket.terminate();
    await ended;
    only().send(frame);
    only().close();
    expect(ends).toBe(1);
  });

  it('delivers what was sent before the session closed it', async () => {
    const { socket } = await enter(server.port, tokenOf(server.newAddress()));
    only().send(frame);
    only().close();
    const message = nextMessage(socket);
    const code = closingCode(socket);
    expect(await message).toEqual(frame);
    expect(await code).toBe(1000);
  });
});

describe('closing the server', () => {
  it('ends accepted and waiting sockets alike', async () => {
    const { socket } = await enter(server.port, tokenOf(server.newAddress()));
    const waiting = knock(server.port);
    await once(waiting, 'open');
    const codes = Promise.all([closingCode(socket), closingCode(waiting)]);
    await server.close();
    expect(await codes).toEqual([1001, 1001]);
  });
});
