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

/** The menu's content. The developer tools are in it only when they were asked for. */
export function menuTemplate(isInspectable: boolean, page: PageCommands | null): MenuItemConstructorOptions[] {
  const inspect: MenuItemConstructorOptions[] = isInspectable ? [{ type: 'separator' }, { role: 'toggleDevTools' }] : [];
  return [
    { label: '&File', submenu: [{ role: 'quit' }] },
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
export function setMenu(isInspectable: boolean, page: PageCommands | null = null): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(isInspectable, page)));
}
