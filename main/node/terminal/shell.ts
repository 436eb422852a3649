// The user's shell: which one, where it starts, and an environment without what only this application was started with.
import { accessSync, constants, statSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { isAbsolute } from 'node:path';

/** A shell to start. */
export interface Shell {
  readonly file: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

// Another terminal's, or a package manager's: in a new terminal they would name what is not there.
const foreign =
  /^(npm_|RINGSCOPE_|ELECTRON_|CHROME_|VITEST)|^(TMUX|TMUX_PANE|STY|WINDOW|WINDOWID|TERMCAP|COLUMNS|LINES|INIT_CWD|NODE|NODE_ENV|NODE_OPTIONS|NO_COLOR)$/;

/** The environment of a shell, from the application's own. */
export function shellEnvironment(environment: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined || foreign.test(name) ? [] : [[name, value] as const],
  );
  const result = Object.fromEntries(kept);
  // npm puts its packages' programs in front of the user's own.
  if (result.PATH) {
    const path = result.PATH.split(':').filter((folder) => !/\/node_modules\/(\.bin|npm\/node_modules\/.*)$|node-gyp-bin$/.test(folder));
    result.PATH = path.join(':');
  }
  return { ...result, TERM: 'xterm-256color', COLORTERM: 'truecolor' };
}

function isProgram(path: string | null | undefined): path is string {
  if (!path || !isAbsolute(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function accountShell(): string | null {
  try {
    return userInfo().shell;
  } catch {
    // An account without an entry in the user database, as in a container.
    return null;
  }
}

/** `$SHELL`, else the account's shell, else /bin/sh; in the home folder. */
export function userShell(environment: NodeJS.ProcessEnv = process.env): Shell {
  const file = [environment.SHELL, accountShell()].find(isProgram) ?? '/bin/sh';
  const home = environment.HOME || homedir();
  const directory = statSync(home, { throwIfNoEntry: false })?.isDirectory() ? home : '/';
  return { file, directory, environment: { ...shellEnvironment(environment), SHELL: file } };
}
