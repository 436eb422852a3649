// The menu: standard roles only, so that names and shortcuts are the platform's.
import { Menu, type MenuItemConstructorOptions } from 'electron';

/** The menu's content. The developer tools are in it only when they were asked for. */
export function menuTemplate(isInspectable: boolean): MenuItemConstructorOptions[] {
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
    { role: 'windowMenu' },
  ];
}

/** Sets it. */
export function setMenu(isInspectable: boolean): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(isInspectable)));
}
