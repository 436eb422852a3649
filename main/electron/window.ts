// The one window: shown when it has something to show, in the colour that the page will have.
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { pageAddress } from './page-address.ts';
import { webPreferences } from './security.ts';
import { readWindowState, writeWindowState } from './window-state.ts';

/** What the window needs. */
export interface WindowOptions {
  /** The built preload's path. */
  readonly preload: string;
  /** The folder where its place is kept. */
  readonly userData: string;
  /** Whether the developer tools may be opened. */
  readonly isInspectable: boolean;
}

// What is seen before the first paint; the page's own colours are in renderer/styles, which no native window can read.
const backgrounds = { light: '#ffffff', dark: '#14171a' };

function background(): string {
  return nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light;
}

/** Creates the window, hidden, and begins to load the page. */
export function openWindow({ preload, userData, isInspectable }: WindowOptions): BrowserWindow {
  const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
  const kept = readWindowState(userData, screens);
  const window = new BrowserWindow({
    title: 'Ringscope',
    ...(kept?.bounds ?? { width: 1440, height: 900 }),
    minWidth: 640,
    minHeight: 400,
    show: false,
    autoHideMenuBar: true,
    backgroundColor: background(),
    webPreferences: webPreferences(preload, isInspectable),
  });
  const onTheme = () => window.setBackgroundColor(background());
  nativeTheme.on('updated', onTheme);
  window.once('ready-to-show', () => {
    if (kept?.isMaximized) window.maximize();
    window.show();
  });
  window.on('close', () => writeWindowState(userData, { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() }));
  window.once('closed', () => nativeTheme.off('updated', onTheme));
  // A failure to load ends as a blank window whose menu can still reload it; the protocol handler serves from memory, so it would be a bug of ours.
  void window.loadURL(pageAddress);
  return window;
}
