import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { load, run } from './stand-in/run.ts';
import { Preventable } from './stand-in/strict.ts';

function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringscope-state-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('before Electron is ready', () => {
  it('registers the scheme and turns every sandbox on', async () => {
    const { electron } = await load();
    expect(electron.calls).toEqual(['registerSchemesAsPrivileged', 'enableSandbox']);
    expect(electron.given.schemes).toEqual([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } }]);
  });

  it('leaves to the application that runs already', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { electron } = await load({ hasLock: false });
    expect(electron.calls.at(-1)).toBe('exit 0');
    expect(said).toHaveBeenCalledWith('ringscope: Ringscope runs already; its window comes to the front.\n');
    electron.becomeReady();
    await Promise.resolve();
    expect(electron.windows).toEqual([]);
    said.mockRestore();
  });
});

describe('the window', () => {
  it('is hidden until it has something to show, in the colour of the theme', async () => {
    const { electron, window } = await run({ isDark: true });
    expect(window().options).toMatchObject({ show: false, title: 'Ringscope', width: 1440, height: 900 });
    expect(window().calls).toEqual(['load app://ringscope/']);
    window().emit('ready-to-show');
    expect(window().calls.at(-1)).toBe('show');
    electron.setDark(false);
    expect(window().calls.at(-1)).toBe('background #ffffff');
    expect(window().options.backgroundColor).not.toBe('#ffffff');
  });

  it('comes back where it was closed', async () => {
    const userData = stateFolder();
    const first = await run({ userData });
    first.window().emit('close');
    expect(JSON.parse(readFileSync(join(userData, 'window.json'), 'utf8')).isMaximized).toBe(true);
    const second = await run({ userData });
    expect(second.window().options).toMatchObject({ x: 10, y: 20, width: 1000, height: 700 });
    second.window().emit('ready-to-show');
    expect(second.window().calls.slice(-2)).toEqual(['maximize', 'show']);
  });

  it.each([
    ['off every screen', '{"bounds":{"x":5000,"y":0,"width":1000,"height":700},"isMaximized":false}'],
    ['too small to use', '{"bounds":{"x":0,"y":0,"width":10,"height":10},"isMaximized":false}'],
    ['not ours', '{"bounds":"large"}'],
    ['cut off', '{"bounds":'],
  ])('takes its usual place when the kept one is %s', async (_kind, text) => {
    const userData = stateFolder();
    writeFileSync(join(userData, 'window.json'), text);
    const { window } = await run({ userData });
    expect(window().options).toMatchObject({ width: 1440, height: 900 });
    expect(window().options.x).toBeUndefined();
  });

  it('comes to the front when the application is started again', async () => {
    const { electron, window } = await run();
    await vi.waitFor(() => {
      electron.emit('second-instance');
      expect(window().calls.slice(-2)).toEqual(['restore', 'focus']);
    });
  });

  it('is loaded again when its process dies, and ends the application when it does so again at once', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const { electron, window } = await run();
    window().emitContents('render-process-gone', {}, { reason: 'clean-exit', exitCode: 0 });
    expect(window().calls).not.toContain('reload');
    window().emitContents('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    expect(window().calls.at(-1)).toBe('reload');
    expect(electron.calls.at(-1)).toBe('message box: The window stopped working and was loaded again.');
    window().emitContents('render-process-gone', {}, { reason: 'oom', exitCode: 6 });
    expect(electron.calls.slice(-2)).toEqual([expect.stringMatching(/^error box: Ringscope has to close: .*oom/), 'quit']);
    expect(window().calls.filter((call) => call === 'reload')).toHaveLength(1);
    expect(said).toHaveBeenCalledTimes(2);
    said.mockRestore();
  });

  it('is loaded again however often its process dies, as long as that is rare', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1000);
    const { electron, window } = await run();
    for (const hour of [1, 2, 3]) {
      clock.mockReturnValue(hour * 3_600_000);
      window().emitContents('render-process-gone', {}, { reason: 'crashed', exitCode: 5 });
    }
    expect(window().calls.filter((call) => call === 'reload')).toHaveLength(3);
    expect(electron.calls).not.toContain('quit');
    clock.mockRestore();
    said.mockRestore();
  });
});

describe('waking up', () => {
  it('has the session ask its agent for a sign of life', async () => {
    const { electron } = await run();
    await vi.waitFor(() => {
      electron.emitPower('resume');
      expect(electron.calls.at(-1)).toBe('agent checked');
    });
  });
});

describe('the end', () => {
  it('comes with the last window, after the session has ended', async () => {
    const { electron } = await run();
    electron.emit('window-all-closed');
    expect(electron.calls.at(-1)).toBe('quit');
    const events = [new Preventable(), new Preventable()];
    for (const event of events) electron.emit('will-quit', event);
    expect(events.map(({ isPrevented }) => isPrevented)).toEqual([true, true]);
    await vi.waitFor(() => expect(electron.calls.slice(-2)).toEqual(['session closed', 'exit 0']));
  });

  it('waits for a session that is still starting', async () => {
    let goOn: () => void = () => undefined;
    const started = new Promise<undefined>((resolve) => {
      goOn = () => resolve(undefined);
    });
    const { electron } = await load({ startSession: () => started });
    electron.becomeReady();
    await vi.waitFor(() => expect(electron.given.menu).toBeDefined());
    const event = new Preventable();
    electron.emit('will-quit', event);
    expect(event.isPrevented).toBe(true);
    expect(electron.calls).not.toContain('session closed');
    goOn();
    await vi.waitFor(() => expect(electron.calls).toEqual(expect.arrayContaining(['session closed', 'exit 0'])));
  });

  it('is told in one sentence when the session cannot start', async () => {
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const startSession = () => Promise.reject(new Error('Ringscope runs already.'));
    const { electron } = await load({ startSession });
    electron.becomeReady();
    await vi.waitFor(() => expect(electron.calls.at(-1)).toBe('exit 1'));
    expect(electron.calls.at(-2)).toBe('error box: Ringscope could not start: Ringscope runs already.');
    expect(said).toHaveBeenCalledWith('ringscope: Ringscope runs already.\n');
    expect(electron.windows).toEqual([]);
    said.mockRestore();
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('follows %s', async (signal) => {
    const { electron } = await run();
    process.emit(signal);
    expect(electron.calls.at(-1)).toBe('quit');
  });
});
