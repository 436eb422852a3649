// The workbench by name and by key: focus, tabs, sizes, places.

import type { WindowModel } from '../state/window-model.ts';
import type { DockActions } from '../state/workbench.ts';
import type { Command } from './commands.ts';

// What one press changes.
const stepPx = 40;

/** The commands of the workbench. */
export function workbenchCommands({ workbench }: WindowModel): readonly Command[] {
  const to = (name: string, key: string | null, run: (dock: DockActions) => void, isForTerminal = false): Command => ({
    group: 'Workbench',
    name,
    key,
    isForTerminal,
    run: () => workbench.act(run),
  });
  return [
    to('Focus the next panel', 'F6', (dock) => dock.focusNext(1), true),
    to('Focus the panel before', 'Shift+F6', (dock) => dock.focusNext(-1), true),
    to('Maximise or restore the panel', 'KeyM', (dock) => dock.toggleMaximised()),
    to('Next tab of the group', 'Ctrl+Alt+ArrowRight', (dock) => dock.nextTab(1)),
    to('Tab before, of the group', 'Ctrl+Alt+ArrowLeft', (dock) => dock.nextTab(-1)),
    to('Close the panel', null, (dock) => dock.close()),
    to('Split the panel off to the left', null, (dock) => dock.split('left')),
    to('Split the panel off to the right', null, (dock) => dock.split('right')),
    to('Split the panel off above', null, (dock) => dock.split('above')),
    to('Split the panel off below', null, (dock) => dock.split('below')),
    to('Make the panel wider', 'Alt+Shift+ArrowRight', (dock) => dock.resize({ width: stepPx })),
    to('Make the panel narrower', 'Alt+Shift+ArrowLeft', (dock) => dock.resize({ width: -stepPx })),
    to('Make the panel taller', 'Alt+Shift+ArrowDown', (dock) => dock.resize({ height: stepPx })),
    to('Make the panel lower', 'Alt+Shift+ArrowUp', (dock) => dock.resize({ height: -stepPx })),
    to('Reset layout', null, (dock) => dock.reset()),
  ];
}
