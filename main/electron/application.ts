// The life of the application in Electron: what is done before `ready`, what starts after it, and how all of it ends.
import { app, type BrowserWindow, dialog, session as electronSession } from 'electron';
import { showInspect } from '#common/shell-messages.ts';
import type { Transport } from '#common/transport.ts';
import type { PageFiles } from '../node/page-files.ts';
import type { ClientListeners } from '../node/session/client.ts';
import { acceptPage } from './connect.ts';
import { type PageCommands, setMenu } from './menu.ts';
import { recordingDialog } from './open-recording.ts';
import { registerScheme, servePage } from './protocol.ts';
import { recover } from './recovery.ts';
import { ExportDialogs } from './save-export.ts';
import { askedOfFirst, recordingAsked } from './second-start.ts';
import { guardApplication, guardSession } from './security.ts';
import { onWake } from './wake.ts';
import { openWindow } from './window.ts';

/** What this shell uses of a started session. */
interface StartedSession {
  readonly session: {
    attach(transport: Transport, listeners: ClientListeners): void;
    checkAgent(): Promise<void>;
    openRecording(path: string): Promise<void>;
  };
  close(): Promise<void>;
}

/** What the application is made of; tests give their own session. */
export interface ElectronApplicationParts {
  /** The absolute path of the recording that the command line names, which an application that runs already is to open. Throws an Error with a sentence. */
  readRecording(): string | null;
  startSession(): Promise<StartedSession>;
  readPage(): PageFiles;
  /** The built preload's path. */
  readonly preload: string;
  readonly isInspectable: boolean;
}

/** The application once it shows something. */
interface Shown {
  readonly window: BrowserWindow;
  openRecording(path: string): void;
}

function fail(title: string, error: unknown): void {
  const sentence = error instanceof Error ? error.message : String(error);
  process.stderr.write(`ringscope: ${sentence}\n`);
  dialog.showErrorBox(title, sentence);
  app.exit(1);
}

/** Holds Electron until the session has ended, even one that is still starting: it would leave before the guest is gone. */
function endBeforeQuit(starting: Promise<StartedSession>, beforeExit: () => Promise<void>): void {
  let isEnding = false;
  app.on('will-quit', (event) => {
    event.preventDefault();
    if (isEnding) return;
    isEnding = true;
    // `exit` asks no further questions. A session that could not start has nothing to end, and its error is told elsewhere.
    starting.then(
      (lab) =>
        Promise.all([lab.close(), beforeExit()]).then(
          () => app.exit(0),
          (error: unknown) => fail('Ringscope did not end cleanly', error),
        ),
      () => app.exit(1),
    );
  });
}

async function start({ startSession, readPage, preload, isInspectable }: ElectronApplicationParts): Promise<Shown> {
  const files = readPage();
  guardSession(electronSession.defaultSession, isInspectable);
  servePage(files);
  setMenu({ isInspectable, openRecording: null, page: null });
  let exports: ExportDialogs | null = null;
  const starting = startSession();
  // A copy of an export that is under way becomes whole first.
  endBeforeQuit(starting, async () => exports?.copied());
  const { session, close } = await starting;
  try {
    const window = openWindow({ preload, userData: app.getPath('userData'), isInspectable });
    const dialogs = new ExportDialogs(window);
    exports = dialogs;
    let page: PageCommands | null = null;
    const openRecording = (path: string) => {
      void session.openRecording(path);
      page?.run(showInspect);
    };
    const askForRecording = recordingDialog(window, openRecording);
    const showMenu = () => setMenu({ isInspectable, openRecording: askForRecording, page });
    const endPage = acceptPage(window.webContents, {
      attach: (transport) => session.attach(transport, { onExported: ({ path }) => dialogs.offer(path) }),
      onCommands: (commands) => {
        page = commands;
        showMenu();
      },
    });
    showMenu();
    onWake(() => void session.checkAgent());
    window.once('closed', endPage);
    recover(window, () => app.quit());
    app.on('window-all-closed', () => app.quit());
    return { window, openRecording };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Runs the application. Returns at once: Electron becomes ready only after the entry has been evaluated. */
export function runElectronApplication(parts: ElectronApplicationParts): void {
  registerScheme();
  guardApplication();
  let recording: string | null = null;
  let refusal: Error | null = null;
  try {
    recording = parts.readRecording();
  } catch (error) {
    refusal = error instanceof Error ? error : new Error(String(error));
  }
  if (!app.requestSingleInstanceLock(askedOfFirst(recording))) {
    const opens = recording === null ? '' : ` and opens ${recording}`;
    process.stderr.write(`ringscope: ${refusal?.message ?? `Ringscope runs already; its window comes to the front${opens}.`}\n`);
    app.exit(refusal ? 1 : 0);
    return;
  }
  let shown: Shown | null = null;
  let wanted: string | null = null;
  app.on('second-instance', (_event, _argv, _folder, data) => {
    const asked = recordingAsked(data);
    if (!shown) {
      wanted = asked ?? wanted;
      return;
    }
    const { window, openRecording } = shown;
    if (window.isDestroyed()) return;
    if (window.isMinimized()) window.restore();
    window.focus();
    if (asked !== null) openRecording(asked);
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.quit());
  app
    .whenReady()
    .then(() => {
      // Only now: before `ready` there is no box to say it in.
      if (refusal) throw refusal;
      return start(parts);
    })
    .then((opened) => {
      shown = opened;
      if (wanted !== null) opened.openRecording(wanted);
    })
    .catch((error: unknown) => fail('Ringscope could not start', error));
}
