// The life of the application with a page as its window: what starts, what ends it, and in which order all of it ends.
import type { Transport } from '#common/transport.ts';
import type { PageFiles } from '../node/page-files.ts';
import type { BrowserChoice, BrowserWindow } from './browser-window.ts';
import { Presence } from './presence.ts';
import { startServer } from './server.ts';

/** What the application is made of; tests give their own. */
export interface WebApplicationParts {
  /** The session, already started; the application ends it. */
  readonly lab: { readonly session: { attach(transport: Transport): void }; close(): Promise<void> };
  readonly files: PageFiles;
  readonly port: number;
  readonly browser: BrowserChoice;
  openWindow(path: string, address: string): BrowserWindow;
  /** Prints one line for the user. */
  print(line: string): void;
}

/** A running application. */
export interface WebApplication {
  /** Resolves when everything that was started has ended. */
  readonly ended: Promise<void>;
  /** Ends it; a second call changes nothing. */
  end(): void;
}

/** Serves the page, prints its address and opens a window where one is possible. Throws an Error with a sentence, and ends the session, when it cannot. */
export async function runWebApplication({ lab, files, port, browser, openWindow, print }: WebApplicationParts): Promise<WebApplication> {
  let window: BrowserWindow | null = null;
  let requestEnd: () => void = () => undefined;
  const endRequested = new Promise<void>((resolve) => {
    requestEnd = resolve;
  });
  const presence = new Presence(() => {
    if (window) requestEnd();
    // The address that was printed is used up; whoever closed the page can come back with this one.
    else print(`Ringscope: ${server.newAddress()}`);
  });
  const attach = (transport: Transport) => {
    presence.enter();
    transport.onClose(() => presence.leave());
    lab.session.attach(transport);
  };
  const server = await startServer({ files, port, attach }).catch(async (error: unknown) => {
    await lab.close();
    throw error;
  });

  const address = server.newAddress();
  print(`Ringscope: ${address}`);
  if (browser.path !== null) {
    const opened = openWindow(browser.path, address);
    window = opened;
    void opened.ended.then((isClosed) => {
      if (presence.hasSeen && presence.count === 0) requestEnd();
      else if (isClosed) presence.expect();
      else if (!presence.hasSeen) {
        window = null;
        print('The browser window could not be opened; open the address yourself.');
      }
    });
  } else if (browser.reason) print(browser.reason);

  const ended = endRequested.then(async () => {
    // The window first, so that it does not show a lost connection; the guest last.
    await window?.close();
    await server.close();
    presence.stop();
    await lab.close();
  });
  return { ended, end: requestEnd };
}
