// Chromium's app window: a window of its own with a profile of its own, whose process ends when it is closed.
import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'google-chrome', 'google-chrome-stable', 'chromium-browser'];

/** How long a browser may take to end when asked. */
const patienceMs = 3000;

/** What decides whether a window is opened. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly userId: number | undefined;
}

/** The browser to start, or why there is none; `reason` is null when no window was wanted. */
export type BrowserChoice = { readonly path: string } | { readonly path: null; readonly reason: string | null };

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Chooses the browser. */
export function chooseBrowser({ environment, userId }: Surroundings): BrowserChoice {
  const hasDisplay = Boolean(environment.DISPLAY || environment.WAYLAND_DISPLAY);
  if (!hasDisplay || environment.RINGSCOPE_NO_WINDOW) return { path: null, reason: null };
  if (userId === 0)
    return { path: null, reason: 'Chromium refuses its sandbox as root, so no window is opened; open the address yourself.' };
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const name of names) {
    const path = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (path) return { path };
  }
  return { path: null, reason: 'No Chromium or Chrome is on PATH, so no window is opened; open the address yourself.' };
}

/** The profile of our window alone, made with mode 0700: nothing of the user's own browser is read or changed. */
export function profileFolder(environment: Surroundings['environment']): string {
  const cache = environment.XDG_CACHE_HOME || join(homedir(), '.cache');
  const folder = join(cache, 'ringscope', 'window');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** An opened window. */
export interface BrowserWindow {
  /** Resolves when the browser's process has ended: whether it ended as a closed window does. */
  readonly ended: Promise<boolean>;
  close(): Promise<void>;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended already.
  }
}

/** Opens the window. The browser gets a process group of its own, so that its children end with it and Ctrl+C reaches it through us alone. */
export function openBrowserWindow(path: string, address: string, profile: string): BrowserWindow {
  const quiet = [
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-sync',
    '--disable-background-networking',
    '--disable-component-update',
    // Chromium remembers an app window's place by its address, and the port changes with each start.
    '--window-size=1440,900',
  ];
  const child = spawn(path, [`--app=${address}`, `--user-data-dir=${profile}`, ...quiet], { detached: true, stdio: 'ignore' });
  const ended = new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
  return {
    ended,
    close: async () => {
      signalGroup(child, 'SIGTERM');
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), patienceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}
