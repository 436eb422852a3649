// BrowserWindow and its WebContents, as far as the shell uses them.
import type { BrowserWindow, BrowserWindowConstructorOptions, WebContents } from 'electron';
import { events, strict } from './strict.ts';

type ModelledContents = Pick<WebContents, 'setWindowOpenHandler' | 'reload'>;
type ModelledWindow = Pick<
  BrowserWindow,
  | 'loadURL'
  | 'show'
  | 'maximize'
  | 'focus'
  | 'restore'
  | 'isMinimized'
  | 'isMaximized'
  | 'isDestroyed'
  | 'getNormalBounds'
  | 'setBackgroundColor'
>;

const contentsEvents = ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview', 'render-process-gone'];

/** One window, with the test's side of it. */
export class StandInWindow {
  readonly options: BrowserWindowConstructorOptions;
  readonly calls: string[] = [];
  readonly webContents: object;
  /** Set by a test that has closed it. */
  isDestroyed = false;
  /** What the handler for new windows is. */
  openHandler: Parameters<WebContents['setWindowOpenHandler']>[0] | null = null;
  readonly emit: (event: string, ...values: unknown[]) => void;
  readonly emitContents: (event: string, ...values: unknown[]) => void;
  /** What the application sees. */
  readonly seen: object;

  constructor(options: BrowserWindowConstructorOptions) {
    this.options = options;
    const { calls } = this;
    const contents = events('WebContents', contentsEvents);
    const modelledContents: ModelledContents = {
      setWindowOpenHandler: (handler) => {
        this.openHandler = handler;
      },
      reload: () => void calls.push('reload'),
    };
    this.webContents = strict('WebContents', { ...contents.methods, ...modelledContents });
    this.emitContents = contents.emit;
    const window = events('BrowserWindow', ['ready-to-show', 'close', 'closed']);
    const modelled: ModelledWindow = {
      loadURL: async (url) => void calls.push(`load ${url}`),
      show: () => void calls.push('show'),
      maximize: () => void calls.push('maximize'),
      focus: () => void calls.push('focus'),
      restore: () => void calls.push('restore'),
      isMinimized: () => true,
      isMaximized: () => true,
      isDestroyed: () => this.isDestroyed,
      getNormalBounds: () => ({ x: 10, y: 20, width: 1000, height: 700 }),
      setBackgroundColor: (colour) => void calls.push(`background ${colour}`),
    };
    this.emit = window.emit;
    this.seen = strict('BrowserWindow', { ...window.methods, ...modelled, webContents: this.webContents });
  }
}
