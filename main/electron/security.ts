// What a page may do here: show itself, and nothing else. See https://www.electronjs.org/docs/latest/tutorial/security, whose points these are.
import { app, type Event, type Session, type WebContents, type WebPreferences } from 'electron';
import { isOurs, pageAddress } from './page-address.ts';

/** The page's preferences. All but `preload` and `devTools` are Electron's defaults too; they are spelled out so that a test holds them. */
export function webPreferences(preload: string, isInspectable: boolean): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    spellcheck: false,
    devTools: isInspectable,
  };
}

function guardNavigation(event: Event<{ url: string }>): void {
  // A reload is a navigation to where the page is.
  if (event.url !== pageAddress) event.preventDefault();
}

/** Keeps one page where it is: no other address, no other window, no page within it. */
export function guardContents(contents: WebContents): void {
  contents.on('will-navigate', guardNavigation);
  contents.on('will-frame-navigate', guardNavigation);
  contents.on('will-redirect', guardNavigation);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** What holds for every page that could ever exist. To be called before `ready`. */
export function guardApplication(): void {
  app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
}

/** Copying text out is the one permission that the page needs. */
const granted = 'clipboard-sanitized-write';

/** Whether a page may load from an address; `blob:` and `data:` hold what it made itself. */
function isLoadable(address: string, isInspectable: boolean): boolean {
  if (isInspectable && address.startsWith('devtools://')) return true;
  return isOurs(address) || address.startsWith(`blob:${pageAddress}`) || address.startsWith('data:');
}

/** Denies every permission and device, and cancels every request that would leave the machine or read its files. */
export function guardSession(session: Session, isInspectable: boolean): void {
  session.setPermissionRequestHandler((_contents, permission, callback, details) => {
    callback(permission === granted && isOurs(details.requestingUrl));
  });
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin) => permission === granted && isOurs(requestingOrigin));
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, callback) => callback({ cancel: !isLoadable(url, isInspectable) }));
  session.on('will-download', (event, item) => {
    if (!item.getURL().startsWith(`blob:${pageAddress}`)) event.preventDefault();
  });
}
