// The life of the application in Electron: what is done before `ready`, what starts after it, and how all of it ends.
import { app, type BrowserWindow, dialog, session as electronSession } from 'electron';
import type { Transport } from '#common/transport.ts';
import type { PageFiles } from '../node/page-files.ts';
import { acceptPage } from './connect.ts';
import { setMenu } from './menu.ts';
import { registerScheme, servePage } from './protocol.ts';
import { recover } from './recovery.ts';
import { guardApplication, guardSession } from './security.ts';
import { onWake } from './wake.ts';
import { openWindow } from './window.ts';

/** What this shell uses of a started session. */
interface StartedSession {
  readonly session: { attach(transport: Transport): void; checkAgent(): Promise<void> };
  close(): Promise<void>;
}

/** What the application is made of; tests give their own session. */
export interface ElectronApplicationParts {
  startSession(): Promise<StartedSession>;
  readPage(): PageFiles;
  /** The built preload's path. */
  readonly preload: string;
  readonly isInspectable: boolean;
}

function fail(title: string, error: unknown): void {
  const sentence = error instanceof Error ? error.message : String(error);
  process.stderr.write(`ringscope: ${sentence}\n`);
  dialog.showErrorBox(title, sentence);
  app.exit(1);
}

/** Holds Electron until the session has ended, even one that is still starting: it would leave before the guest is gone. */
function endBeforeQuit(starting: Promise<StartedSession>): void {
  let isEnding = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (isEnding) return;
    isEnding = true;
    // `exit` asks no further questions. A session that could not start has nothing to end, and its error is told elsewhere.
    starting.then(
      (lab) =>
        lab.close().then(
          () => app.exit(0),
          (error: unknown) => fail('Ringscope did not end cleanly', error),
        ),
      () => app.exit(1),
    );
  });
}

async function start({ startSession, readPage, preload, isInspectable }: ElectronApplicationParts): Promise<BrowserWindow> {
  const files = readPage();
  guardSession(electronSession.defaultSession, isInspectable);
  servePage(files);
  setMenu(isInspectable);
  const starting = startSession();
  endBeforeQuit(starting);
  const { session, close } = await starting;
  try {
    const window = openWindow({ preload, userData: app.getPath('userData'), isInspectable });
    const endPage = acceptPage(window.webContents, {
      attach: (transport) => session.attach(transport),
      onCommands: (commands) => setMenu(isInspectable, commands),
    });
    onWake(() => void session.checkAgent());
    window.once('closed', endPage);
    recover(window, () => app.quit());
    app.on('window-all-closed', () => app.quit());
    return window;
  } catch (error) {
    await close();
    throw error;
  }
}

/** Runs the application. Returns at once: Electron becomes ready only after the entry has been evaluated. */
export function runElectronApplication(parts: ElectronApplicationParts): void {
  registerScheme();
  guardApplication();
  if (!app.requestSingleInstanceLock()) {
    process.stderr.write('ringscope: Ringscope runs already; its window comes to the front.\n');
    app.exit(0);
    return;
  }
  let window: BrowserWindow | null = null;
  app.on('second-instance', () => {
    if (!window || window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.focus();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
  app
    .whenReady()
    .then(() => start(parts))
    .then((opened) => {
      window = opened;
    })
    .catch((error: unknown) => fail('Ringscope could not start', error));
}
