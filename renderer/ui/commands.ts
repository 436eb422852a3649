// Everything that can be done without a mouse: the palette lists it, the keys run it, the shortcut sheet binds it.
import { descriptorCommands } from '../panels/descriptors/descriptor-commands.ts';
import { labCommands } from '../panels/lab/lab-commands.ts';
import { layouts } from '../panels/layouts.ts';
import { logCommands } from '../panels/log/log-commands.ts';
import { panels } from '../panels/registry.tsx';
import { trafficAgain } from '../panels/traffic/traffic-form.ts';
import type { WindowModel } from '../state/window-model.ts';
import { alertCommands } from './alert-commands.ts';
import { interruptCommands } from './interrupt-commands.ts';
import { combination } from './key-combination.ts';
import { nextNumberBase } from './number-base.ts';
import { replayCommands } from './replay-commands.ts';
import { timeCommands } from './time-commands.ts';
import { workbenchCommands } from './workbench-commands.ts';

export { keyLabel } from './key-combination.ts';

/** Groups in the order in which palette and shortcut sheet show them. */
export const commandGroups = ['Target', 'Lab', 'View', 'Workbench', 'Panels', 'Recording', 'Window'] as const;
export type CommandGroup = (typeof commandGroups)[number];

/** A thing to do. `key` is its combination (`key-combination.ts`) as long as it is not bound anew; the name is unique, and kept bindings know the command by it. */
export interface Command {
  readonly name: string;
  /** `Window` where nothing is said. */
  readonly group?: CommandGroup;
  readonly key: string | null;
  /** Its key works from within a terminal too, which else gets every key. */
  readonly isForTerminal?: boolean;
  run(): void;
}

/** A command as it stands now: its group said, its key the one that was bound. */
export interface BoundCommand extends Command {
  readonly group: CommandGroup;
}

function targetCommands(model: WindowModel): readonly Command[] {
  const { layout, session } = model;
  const toggleModule = () =>
    void (session.getState().module?.state === 'live' ? model.ask('unload-module', {}) : model.ask('load-module', {}));
  const toggleTraffic = () => {
    const traffic = session.getState().traffic;
    void model.ask('traffic', trafficAgain(traffic, !traffic?.running));
  };
  const choose = (target: { kind: 'lab' } | { kind: 'local'; observe?: boolean }) => () => void model.ask('choose-target', { target });
  const group = 'Target';
  return [
    { group, name: 'Load or unload the driver', key: 'KeyU', run: toggleModule },
    { group, name: 'Traffic on or off', key: 'KeyT', run: toggleTraffic },
    { group, name: 'Restart the target', key: null, run: () => void model.ask('restart-target', {}) },
    { group, name: 'Stop the target', key: null, run: () => void model.ask('stop-target', {}) },
    { group, name: 'Inspect the lab guest', key: null, run: choose({ kind: 'lab' }) },
    { group, name: 'Inspect this machine', key: null, run: choose({ kind: 'local' }) },
    { group, name: 'Observe this machine without privileges', key: null, run: choose({ kind: 'local', observe: true }) },
    {
      group,
      name: 'Examine this machine (doctor)',
      key: null,
      run: () => {
        layout.setState({ view: 'doctor' });
        void model.ask('doctor', {});
      },
    },
    {
      group,
      name: 'Build the driver for this kernel',
      key: null,
      run: () => {
        layout.setState({ view: 'machine' });
        void model.ask('build-module', {});
      },
    },
  ];
}

function viewCommands({ layout, traces }: WindowModel): readonly Command[] {
  const group = 'View';
  return [
    {
      group,
      name: 'Freeze the descriptors, or go on',
      key: 'KeyP',
      run: () => layout.setState(({ isFrozen }) => ({ isFrozen: !isFrozen })),
    },
    { group, name: 'Trace the driver’s events, or stop', key: null, run: () => traces.turn(!traces.store.getState().isOn) },
    { group, name: 'Follow the end of the kernel log', key: 'KeyF', run: () => layout.setState({ isFollowing: true }) },
    { group, name: 'Numbers: hex or decimal', key: 'KeyX', run: () => nextNumberBase(layout) },
    { group, name: 'Theme: light', key: null, run: () => layout.setState({ theme: 'light' }) },
    { group, name: 'Theme: dark', key: null, run: () => layout.setState({ theme: 'dark' }) },
    { group, name: 'Theme: as the system', key: null, run: () => layout.setState({ theme: 'system' }) },
  ];
}

function windowCommands(model: WindowModel): readonly Command[] {
  const { layout } = model;
  return [
    { name: 'All commands', key: 'Ctrl+KeyK', run: () => layout.setState({ isPaletteOpen: true }) },
    {
      name: 'All commands, from a terminal too',
      key: 'Ctrl+Shift+KeyK',
      isForTerminal: true,
      run: () => layout.setState({ isPaletteOpen: true }),
    },
    { name: 'Keyboard shortcuts', key: '?', run: () => layout.setState({ isShortcutSheetOpen: true }) },
    { group: 'Panels', name: 'Open a shell', key: null, run: () => void model.openShell() },
  ];
}

/** All commands of the window, with the keys they have when nothing was bound anew. */
export function commandsOf(model: WindowModel): readonly Command[] {
  return [
    ...targetCommands(model),
    ...viewCommands(model),
    ...replayCommands(model),
    ...descriptorCommands(model),
    ...interruptCommands(model),
    ...timeCommands(model),
    ...logCommands(model),
    ...labCommands(model),
    ...alertCommands(model),
    ...layouts.map(
      ({ id, name }): Command => ({ group: 'Workbench', name: `Show ${name}`, key: null, run: () => model.layout.setState({ view: id }) }),
    ),
    ...workbenchCommands(model),
    ...panels.map(({ id, name, key }): Command => ({ group: 'Panels', name: `Go to ${name}`, key, run: () => model.workbench.show(id) })),
    ...windowCommands(model),
  ];
}

/** All commands with the keys that were bound anew. */
export function boundCommands(model: WindowModel): readonly BoundCommand[] {
  const { keys } = model.layout.getState();
  return commandsOf(model).map((command) => {
    const bound = keys[command.name];
    const key = bound === undefined ? command.key : bound;
    // Not spread: a command may be an object whose `run` is its own.
    return { ...command, group: command.group ?? 'Window', key: key === null ? null : combination(key) };
  });
}

/** The commands that have this combination, but for the one named. */
export function conflictsOf(commands: readonly Command[], wanted: string, name: string): readonly Command[] {
  return commands.filter((command) => command.key === wanted && command.name !== name);
}
