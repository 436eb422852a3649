// What the palette and the keys can do with the log from wherever they are used.
import type { WindowModel } from '../../state/window-model.ts';
import type { Command } from '../../ui/commands.ts';
import { saveLog, stepToHit } from './log-actions.ts';
import type { TimeMode } from './log-view.ts';
import { logViewOf } from './log-views.ts';

const modes: readonly (readonly [TimeMode, string])[] = [
  ['boot', 'since boot'],
  ['wall', 'of the wall clock'],
  ['delta', 'since the row before'],
];

/** The log's commands. */
export function logCommands(model: WindowModel): readonly Command[] {
  const view = () => logViewOf(model);
  return [
    { name: 'Kernel log: next hit', key: 'F3', run: () => stepToHit(model, view(), 1) },
    { name: 'Kernel log: previous hit', key: 'Shift+F3', run: () => stepToHit(model, view(), -1) },
    { name: 'Kernel log: show all rows', key: null, run: () => view().showAll() },
    ...modes.map(([mode, name]) => ({ name: `Kernel log: times ${name}`, key: null, run: () => view().setTimeMode(mode) })),
    { name: 'Kernel log: save what passes the filter as text', key: null, run: () => void saveLog(model, view(), 'log', true) },
    { name: 'Kernel log: save what passes the filter as CSV', key: null, run: () => void saveLog(model, view(), 'csv', true) },
  ];
}
