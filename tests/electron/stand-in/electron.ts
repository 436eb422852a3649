// The `electron` module of the main process, modelled as far as the shell uses it; each member's type is checked against electron.d.ts.
import type {
  App,
  BrowserWindowConstructorOptions,
  CustomScheme,
  Dialog,
  MenuItemConstructorOptions,
  Protocol,
  Rectangle,
  Session,
  WebRequest,
} from 'electron';
import { StandInMessageChannel } from './message-channel.ts';
import { events, strict } from './strict.ts';
import { StandInWindow } from './window.ts';

/** What a test sets before the application runs. */
export interface Surroundings {
  readonly userData: string;
  readonly hasLock?: boolean;
  readonly isDark?: boolean;
}

type Handler<Name extends keyof Session> = Session[Name] extends (handler: infer H) => unknown ? NonNullable<H> : never;

/** What the application handed to Electron. */
export interface Given {
  schemes?: CustomScheme[];
  page?: Parameters<Protocol['handle']>[1];
  permissionRequest?: Handler<'setPermissionRequestHandler'>;
  permissionCheck?: Handler<'setPermissionCheckHandler'>;
  device?: Handler<'setDevicePermissionHandler'>;
  request?: (details: { url: string }, callback: (response: { cancel?: boolean }) => void) => void;
  menu?: MenuItemConstructorOptions[];
}

type ModelledApp = Pick<App, 'enableSandbox' | 'requestSingleInstanceLock' | 'quit' | 'exit' | 'getPath'>;

/** One Electron, not yet ready. */
export function createElectron({ userData, hasLock = true, isDark = false }: Surroundings) {
  const calls: string[] = [];
  const given: Given = {};
  const windows: StandInWindow[] = [];
  let isReady = false;
  let becomeReady: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    becomeReady = () => {
      isReady = true;
      resolve();
    };
  });
  const only = (isAllowed: boolean, what: string) => {
    if (!isAllowed) throw new Error(`Electron refuses ${what} at this time.`);
    calls.push(what);
  };

  const appEvents = events('app', ['web-contents-created', 'second-instance', 'will-quit', 'window-all-closed']);
  const app: ModelledApp = {
    enableSandbox: () => only(!isReady, 'enableSandbox'),
    requestSingleInstanceLock: () => hasLock,
    quit: () => void calls.push('quit'),
    exit: (code) => void calls.push(`exit ${code}`),
    getPath: (name) => {
      if (name !== 'userData') throw new Error(`The stand-in has no path “${name}”.`);
      return userData;
    },
  };
  const protocol: Pick<Protocol, 'registerSchemesAsPrivileged' | 'handle'> = {
    registerSchemesAsPrivileged: (schemes) => {
      only(!isReady, 'registerSchemesAsPrivileged');
      given.schemes = schemes;
    },
    handle: (scheme, handler) => {
      only(isReady, `handle ${scheme}`);
      given.page = handler;
    },
  };
  const webRequest: Pick<WebRequest, 'onBeforeRequest'> = {
    onBeforeRequest: (...values: unknown[]) => {
      given.request = values.at(-1) as NonNullable<Given['request']>;
    },
  };
  const sessionEvents = events('session', ['will-download']);
  const permissions: Pick<Session, 'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'> = {
    setPermissionRequestHandler: (handler) => {
      if (handler) given.permissionRequest = handler;
    },
    setPermissionCheckHandler: (handler) => {
      if (handler) given.permissionCheck = handler;
    },
    setDevicePermissionHandler: (handler) => {
      if (handler) given.device = handler;
    },
  };
  const defaultSession = strict('session', { ...sessionEvents.methods, ...permissions, webRequest: strict('webRequest', webRequest) });
  const ipc = events('ipcMain', ['ringscope-connect']);
  const theme = events('nativeTheme', ['updated']);
  const power = events('powerMonitor', ['resume']);
  const colours = { isDark };
  const dialog: Pick<Dialog, 'showErrorBox'> & { showMessageBox(window: unknown, options: { message: string }): Promise<unknown> } = {
    showErrorBox: (title, content) => void calls.push(`error box: ${title}: ${content}`),
    showMessageBox: async (_window, { message }) => void calls.push(`message box: ${message}`),
  };
  const workArea: Rectangle = { x: 0, y: 0, width: 1920, height: 1080 };

  class BrowserWindow {
    constructor(options: BrowserWindowConstructorOptions) {
      only(isReady, 'BrowserWindow');
      const window = new StandInWindow(options);
      windows.push(window);
      appEvents.emit('web-contents-created', {}, window.webContents);
      // biome-ignore lint/correctness/noConstructorReturn: a strict object stands in for the instance.
      return window.seen;
    }
  }

  return {
    /** What `import … from 'electron'` gives. */
    module: {
      app: strict('app', { ...appEvents.methods, ...app, whenReady: () => ready }),
      protocol: strict('protocol', protocol),
      session: strict('session', { defaultSession }),
      ipcMain: strict('ipcMain', ipc.methods),
      dialog: strict('dialog', dialog),
      screen: strict('screen', { getAllDisplays: () => [{ workArea }] }),
      Menu: strict('Menu', {
        buildFromTemplate: (template: MenuItemConstructorOptions[]) => template,
        setApplicationMenu: (menu: MenuItemConstructorOptions[]) => {
          given.menu = menu;
        },
      }),
      nativeTheme: strict('nativeTheme', {
        ...theme.methods,
        get shouldUseDarkColors() {
          return colours.isDark;
        },
      }),
      // Electron gives it only once it is ready; before, reading it throws.
      get powerMonitor() {
        if (!isReady) throw new Error('Electron has no powerMonitor before it is ready.');
        return strict('powerMonitor', power.methods);
      },
      BrowserWindow,
      MessageChannelMain: StandInMessageChannel,
    },
    calls,
    given,
    windows,
    becomeReady,
    emit: appEvents.emit,
    emitSession: sessionEvents.emit,
    emitIpc: ipc.emit,
    emitPower: power.emit,
    setDark: (value: boolean) => {
      colours.isDark = value;
      theme.emit('updated');
    },
  };
}

/** A stand-in for Electron. */
export type StandIn = ReturnType<typeof createElectron>;
