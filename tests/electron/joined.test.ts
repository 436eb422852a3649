import { once } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import type { MenuItemConstructorOptions } from 'electron';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { encodeFrame } from '#common/frame.ts';
import { pagePort } from './stand-in/message-channel.ts';
import { buildPreload, type PreloadRun, runPreload } from './stand-in/preload.ts';
import { type Run, run } from './stand-in/run.ts';

const frame = encodeFrame({ stream: 0, sequence: 0, payload: new Uint8Array([1, 2, 3]) });

let code = '';
beforeAll(async () => {
  code = await buildPreload();
});

/** The top frame of our page, joined to its preload. */
function frameOf(preload: PreloadRun, url = 'app://ringscope/', parent: object | null = null) {
  return {
    url,
    parent,
    postMessage: (channel: string, _message: unknown, ports: object[]) => preload.deliver(channel, ports.map(pagePort)),
  };
}

function join({ electron, window }: Run, preload: PreloadRun): void {
  preload.exposed.get('ringscope')?.connect?.();
  const [channel] = preload.sent.at(-1) ?? [];
  electron.emitIpc(String(channel), { sender: window().webContents, senderFrame: frameOf(preload) });
}

function lastPort({ posted }: PreloadRun): MessagePort {
  const port = posted.at(-1)?.ports[0];
  if (!port) throw new Error('No port has arrived at the page.');
  onTestFinished(() => port.close());
  return port;
}

describe('the built preload', () => {
  it('exposes exactly one function', () => {
    const { exposed } = runPreload(code, 'app://ringscope');
    expect([...exposed.keys()]).toEqual(['ringscope']);
    const bridge = exposed.get('ringscope') ?? {};
    expect(Object.keys(bridge)).toEqual(['connect']);
    expect(typeof bridge.connect).toBe('function');
  });

  it('says nothing to the main process until it is asked, and then only that', () => {
    const preload = runPreload(code, 'app://ringscope');
    expect(preload.sent).toEqual([]);
    preload.exposed.get('ringscope')?.connect?.();
    expect(preload.sent).toEqual([['ringscope-connect']]);
  });

  it('posts the port to its own page alone', async () => {
    const started = await run();
    const preload = runPreload(code, 'app://ringscope');
    join(started, preload);
    expect(preload.posted).toHaveLength(1);
    expect(preload.posted[0]).toMatchObject({ message: 'ringscope-port', origin: 'app://ringscope' });
    lastPort(preload);
  });
});

describe('the page joined to the session', () => {
  it('passes frames both ways', async () => {
    const started = await run();
    const preload = runPreload(code, 'app://ringscope');
    join(started, preload);
    const port = lastPort(preload);
    const [transport] = started.attached;
    const arrived = new Promise<Uint8Array>((resolve) => transport?.onFrame(resolve));
    port.postMessage(frame);
    expect(await arrived).toEqual(frame);
    transport?.send(frame);
    const [received] = await once(port, 'message');
    expect(received).toEqual(frame);
  });

  it('sends no byte beside the frame', async () => {
    const started = await run();
    const preload = runPreload(code, 'app://ringscope');
    join(started, preload);
    const larger = new Uint8Array(4096);
    larger.set(frame, 100);
    started.attached[0]?.send(larger.subarray(100, 100 + frame.length));
    const [received] = await once(lastPort(preload), 'message');
    expect(received).toEqual(frame);
    expect(received.buffer.byteLength).toBe(frame.length);
  });

  it('gives a reloaded page a new port and ends the old one', async () => {
    const started = await run();
    const preload = runPreload(code, 'app://ringscope');
    join(started, preload);
    const ended = new Promise<void>((resolve) => started.attached[0]?.onClose(resolve));
    join(started, preload);
    await ended;
    expect(started.attached).toHaveLength(2);
    lastPort(preload);
  });

  it.each([
    ['text', 'hello'],
    ['less than a header', new Uint8Array(3)],
    ['an object', { frame }],
  ])('ends over %s', async (_kind, message) => {
    const started = await run();
    const preload = runPreload(code, 'app://ringscope');
    join(started, preload);
    const ended = new Promise<void>((resolve) => started.attached[0]?.onClose(resolve));
    lastPort(preload).postMessage(message);
    await ended;
  });

  it('ends when the page closes its port, and when the window is closed', async () => {
    const started = await run();
    const preload = runPreload(code, 'app://ringscope');
    join(started, preload);
    const first = new Promise<void>((resolve) => started.attached[0]?.onClose(resolve));
    lastPort(preload).close();
    await first;
    join(started, preload);
    const second = new Promise<void>((resolve) => started.attached[1]?.onClose(resolve));
    started.window().emit('closed');
    await second;
    lastPort(preload);
  });
});

describe('the menu', () => {
  const commands = {
    type: 'commands',
    commands: [
      { name: 'Traffic on or off', key: 't' },
      { name: 'Copy & close', key: null },
    ],
  };
  const offered = ({ electron }: Run) =>
    (electron.given.menu?.find(({ label }) => label === '&Commands')?.submenu ?? []) as MenuItemConstructorOptions[];

  it('offers what the page’s palette offers, and has the page run what is chosen', async () => {
    const started = await run();
    const preload = runPreload(code, 'app://ringscope');
    expect(offered(started)).toEqual([]);
    join(started, preload);
    const port = lastPort(preload);
    port.postMessage(commands);
    await vi.waitFor(() => expect(offered(started)).toHaveLength(2));
    expect(offered(started)).toMatchObject([
      { label: 'Traffic on or off', accelerator: 'T', registerAccelerator: false },
      { label: 'Copy && close' },
    ]);
    const asked = once(port, 'message');
    offered(started)[1]?.click?.({} as never, undefined, {} as never);
    expect((await asked)[0]).toEqual({ type: 'run-command', name: 'Copy & close' });
  });

  it('survives a reload of the page, whose new port it then uses', async () => {
    const started = await run();
    const preload = runPreload(code, 'app://ringscope');
    join(started, preload);
    lastPort(preload).postMessage(commands);
    await vi.waitFor(() => expect(offered(started)).toHaveLength(2));
    const [stale] = offered(started);
    join(started, preload);
    // Between the two the old entries do nothing, and break nothing.
    stale?.click?.({} as never, undefined, {} as never);
    const port = lastPort(preload);
    port.postMessage({ ...commands, commands: [{ name: 'Open a shell', key: null }] });
    await vi.waitFor(() => expect(offered(started)).toHaveLength(1));
    const asked = once(port, 'message');
    offered(started)[0]?.click?.({} as never, undefined, {} as never);
    expect((await asked)[0]).toEqual({ type: 'run-command', name: 'Open a shell' });
  });

  it('has the page show what is inspected when a recording was opened', async () => {
    const started = await run();
    const preload = runPreload(code, 'app://ringscope');
    join(started, preload);
    const port = lastPort(preload);
    port.postMessage(commands);
    await vi.waitFor(() => expect(offered(started)).toHaveLength(2));
    const asked = once(port, 'message');
    started.electron.emit('second-instance', {}, [], '/', { recording: '/a.mcap' });
    expect((await asked)[0]).toEqual({ type: 'run-command', name: 'Show Inspect' });
    expect(started.electron.calls.at(-1)).toBe('open /a.mcap');
  });

  it.each([
    ['no list', { type: 'commands' }],
    ['a command without a name', { type: 'commands', commands: [{ name: '', key: null }] }],
    ['more than a menu', { type: 'commands', commands: Array.from({ length: 201 }, () => ({ name: 'x', key: null })) }],
    ['something beside', { ...commands, role: 'quit' }],
  ])('takes %s for a broken page and closes its port', async (_kind, message) => {
    const started = await run();
    const preload = runPreload(code, 'app://ringscope');
    join(started, preload);
    const ended = new Promise<void>((resolve) => started.attached[0]?.onClose(resolve));
    lastPort(preload).postMessage(message);
    await ended;
    expect(offered(started)).toEqual([]);
  });
});

describe('a stranger', () => {
  it.each(['https://evil.example/', 'app://evil/', 'file:///app', 'about:blank', ''])('at %s gets no port', async (url) => {
    const started = await run();
    const preload = runPreload(code, 'app://ringscope');
    started.electron.emitIpc('ringscope-connect', { sender: started.window().webContents, senderFrame: frameOf(preload, url) });
    expect([started.attached, preload.posted]).toEqual([[], []]);
  });

  it('within the page, from another page, or already gone gets no port', async () => {
    const started = await run();
    const preload = runPreload(code, 'app://ringscope');
    const sender = started.window().webContents;
    started.electron.emitIpc('ringscope-connect', { sender, senderFrame: frameOf(preload, 'app://ringscope/', {}) });
    started.electron.emitIpc('ringscope-connect', { sender: {}, senderFrame: frameOf(preload) });
    started.electron.emitIpc('ringscope-connect', { sender, senderFrame: null });
    expect([started.attached, preload.posted]).toEqual([[], []]);
  });
});
