// The menu: the platform's standard roles, and the page's own commands once it has told them.
import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { CommandList } from '#common/shell-messages.ts';

/** The page's commands, and how one is run. */
export interface PageCommands {
  readonly commands: CommandList['commands'];
  run(name: string): void;
}

function commandItems({ commands, run }: PageCommands): MenuItemConstructorOptions[] {
  return commands.map(({ name, key }) => ({
    // An ampersand would mark the letter after it.
    label: name.replaceAll('&', '&&'),
    // For show: a single letter that the menu took would be missing from every text field.
    ...(key && { accelerator: key.toUpperCase(), registerAccelerator: false }),
    click: () => run(name),
  }));
}

/** What the menu is made of. */
export interface MenuParts {
  /** The developer tools are in it only when they were asked for. */
  readonly isInspectable: boolean;
  /** Asks for a recording and opens it; null while there is no session to open it in. */
  readonly openRecording: (() => void) | null;
  readonly page: PageCommands | null;
}

/** The menu's content. */
export function menuTemplate({ isInspectable, openRecording, page }: MenuParts): MenuItemConstructorOptions[] {
  const inspect: MenuItemConstructorOptions[] = isInspectable ? [{ type: 'separator' }, { role: 'toggleDevTools' }] : [];
  return [
    {
      label: '&File',
      submenu: [
        {
          label: '&Open Recording…',
          accelerator: 'CmdOrCtrl+O',
          enabled: openRecording !== null,
          ...(openRecording && { click: () => openRecording() }),
        },
        { type: 'separator' },
        { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        { role: 'reload' },
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...inspect,
      ],
    },
    ...(page && page.commands.length > 0 ? [{ label: '&Commands', submenu: commandItems(page) }] : []),
    { role: 'windowMenu' },
  ];
}

/** Sets it. */
export function setMenu(parts: MenuParts): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(parts)));
}
