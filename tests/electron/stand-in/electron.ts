// The `electron` module of the main process, modelled as far as the shell uses it; each member's type is checked against electron.d.ts.
import type {
  App,
  BaseWindow,
  BrowserWindowConstructorOptions,
  CustomScheme,
  Dialog,
  MenuItemConstructorOptions,
  MessageBoxOptions,
  OpenDialogOptions,
  OpenDialogReturnValue,
  Protocol,
  Rectangle,
  SaveDialogOptions,
  SaveDialogReturnValue,
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
  /** The last message box's smaller text. */
  detail?: string;
  menu?: MenuItemConstructorOptions[];
  /** What a second start would hand to the first. */
  secondStart?: object;
}

/** A dialog that is open: what was asked, and the test's answer to it. */
export interface OpenDialog<Options, Answer> {
  readonly options: Options;
  answer(value: Answer): void;
  fail(error: Error): void;
}

/** Those overloads of a dialog's methods that take a window. */
interface ModelledDialog extends Pick<Dialog, 'showErrorBox'> {
  showMessageBox(...values: WithWindow<MessageBoxOptions>): ReturnType<Dialog['showMessageBox']>;
  showOpenDialog(...values: WithWindow<OpenDialogOptions>): ReturnType<Dialog['showOpenDialog']>;
  showSaveDialog(...values: WithWindow<SaveDialogOptions>): ReturnType<Dialog['showSaveDialog']>;
}
type Offered<Whole extends Part, Part> = Whole extends Part ? Part : never;
type WithWindow<Options> = [window: BaseWindow, options: Options];

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
    requestSingleInstanceLock: (data) => {
      // What cannot be JSON would not reach the other process.
      given.secondStart = JSON.parse(JSON.stringify(data)) as object;
      return hasLock;
    },
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
  const dialogs = {
    open: [] as OpenDialog<OpenDialogOptions, OpenDialogReturnValue>[],
    save: [] as OpenDialog<SaveDialogOptions, SaveDialogReturnValue>[],
  };
  /** Every dialog here belongs to a window, which it blocks; one without is another overload. */
  const belongsTo = (window: unknown) => {
    if (!windows.some(({ seen }) => seen === window)) throw new Error('The stand-in has dialogs of its windows only.');
  };
  const dialog = {
    showErrorBox: (title: string, content: string) => void calls.push(`error box: ${title}: ${content}`),
    showMessageBox: async (window: BaseWindow, { message, detail }: MessageBoxOptions) => {
      belongsTo(window);
      calls.push(`message box: ${message}`);
      given.detail = detail ?? '';
      return { response: 0, checkboxChecked: false };
    },
    showOpenDialog: (window: BaseWindow, options: OpenDialogOptions) => {
      belongsTo(window);
      return new Promise<OpenDialogReturnValue>((answer, fail) => dialogs.open.push({ options, answer, fail }));
    },
    showSaveDialog: (window: BaseWindow, options: SaveDialogOptions) => {
      belongsTo(window);
      return new Promise<SaveDialogReturnValue>((answer, fail) => dialogs.save.push({ options, answer, fail }));
    },
  } satisfies Offered<Dialog, ModelledDialog>;
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
    dialogs,
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
