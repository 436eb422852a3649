// The commands as Electron's menu shows them: with a key only where Electron has a word for it.
import type { MenuCommand } from '../link/electron-transport.ts';
import type { WindowModel } from '../state/window-model.ts';
import { boundCommands } from './commands.ts';
import { keyLabel } from './key-combination.ts';

/** All commands, for the menu. */
export const menuCommands = (model: WindowModel): readonly MenuCommand[] =>
  boundCommands(model).map(({ name, key, run }) => {
    const label = key === null ? '' : keyLabel(key);
    return { name, key: /^((Ctrl|Alt|Shift)\+)*([A-Z0-9]|F\d{1,2})$/.test(label) ? label : null, run };
  });
