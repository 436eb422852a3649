// Everything that can be done without a mouse: the palette lists it, the keys run it.
import { panelNames } from '../state/layout-store.ts';
import type { WindowModel } from '../state/window-model.ts';
import { interruptCommands } from './interrupt-commands.ts';
import { replayCommands } from './replay-commands.ts';

/** A thing to do. `key` is what the key event calls it. */
export interface Command {
  readonly name: string;
  readonly key: string | null;
  run(): void;
}

/** All commands of the window. */
export function commandsOf(model: WindowModel, views: readonly { readonly id: string; readonly name: string }[]): readonly Command[] {
  const { layout, session } = model;
  const toggleModule = () =>
    void (session.getState().module?.state === 'live' ? model.ask('unload-module', {}) : model.ask('load-module', {}));
  const toggleTraffic = () => {
    const traffic = session.getState().traffic;
    const { direction = 'receive', framesPerSecond = 2000, frameBytes = 256 } = traffic ?? {};
    void model.ask('traffic', { running: !traffic?.running, direction, framesPerSecond, frameBytes: Math.max(60, frameBytes) });
  };
  return [
    { name: 'Load or unload the driver', key: 'u', run: toggleModule },
    { name: 'Traffic on or off', key: 't', run: toggleTraffic },
    { name: 'Freeze the descriptors, or go on', key: 'p', run: () => layout.setState(({ isFrozen }) => ({ isFrozen: !isFrozen })) },
    { name: 'Follow the end of the kernel log', key: 'f', run: () => layout.setState({ isFollowing: true }) },
    { name: 'Restart the target', key: null, run: () => void model.ask('restart-target', {}) },
    { name: 'Stop the target', key: null, run: () => void model.ask('stop-target', {}) },
    ...replayCommands(model),
    ...interruptCommands(model),
    { name: 'Theme: light', key: null, run: () => layout.setState({ theme: 'light' }) },
    { name: 'Theme: dark', key: null, run: () => layout.setState({ theme: 'dark' }) },
    { name: 'Theme: as the system', key: null, run: () => layout.setState({ theme: 'system' }) },
    ...panelNames.map((name, index) => ({
      name: `Go to ${name}`,
      key: String(index + 1),
      run: () => {
        layout.setState({ view: 'inspect' });
        // The panel may be painted only now.
        requestAnimationFrame(() => document.getElementById(`panel-${index + 1}`)?.focus());
      },
    })),
    ...views.map(({ id, name }) => ({ name: `Show ${name}`, key: null, run: () => layout.setState({ view: id }) })),
    { name: 'Open a shell', key: null, run: () => void model.openShell() },
    { name: 'Inspect the lab guest', key: null, run: () => void model.ask('choose-target', { target: { kind: 'lab' } }) },
    {
      name: 'Examine this machine (doctor)',
      key: null,
      run: () => {
        layout.setState({ view: 'doctor' });
        void model.ask('doctor', {});
      },
    },
    {
      name: 'Build the driver for this kernel',
      key: null,
      run: () => {
        layout.setState({ view: 'machine' });
        void model.ask('build-module', {});
      },
    },
    {
      name: 'Observe this machine without privileges',
      key: null,
      run: () => void model.ask('choose-target', { target: { kind: 'local', observe: true } }),
    },
    { name: 'Inspect this machine', key: null, run: () => void model.ask('choose-target', { target: { kind: 'local' } }) },
  ];
}

const isTyping = (target: EventTarget | null): boolean => target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName);

/** Runs commands by their keys until the returned function is called. */
export function listenForKeys(model: WindowModel, commands: readonly Command[]): () => void {
  const onKey = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      model.layout.setState({ isPaletteOpen: true });
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const command = commands.find(({ key }) => key === event.key.toLowerCase());
    if (!command) return;
    event.preventDefault();
    command.run();
  };
  window.addEventListener('keydown', onKey);
  return () => window.removeEventListener('keydown', onKey);
}
