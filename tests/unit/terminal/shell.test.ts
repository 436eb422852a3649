import { expect, test } from 'vitest';
import { loadNodePty } from '../../../main/node/terminal/node-pty.ts';
import { shellEnvironment, userShell } from '../../../main/node/terminal/shell.ts';

test('a shell gets the user’s environment without what only this application was started with', () => {
  const environment = shellEnvironment({
    LANG: 'C.UTF-8',
    EDITOR: 'vi',
    TERM: 'dumb',
    TMUX: '/tmp/tmux',
    COLUMNS: '80',
    npm_lifecycle_event: 'start',
    NODE_OPTIONS: '--inspect',
    ELECTRON_RUN_AS_NODE: '1',
    RINGSCOPE_PORT: '1',
    PATH: '/checkout/node_modules/.bin:/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin:/usr/local/bin:/usr/bin',
  });
  expect(environment).toEqual({
    LANG: 'C.UTF-8',
    EDITOR: 'vi',
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    PATH: '/usr/local/bin:/usr/bin',
  });
});

test('the shell is $SHELL, and one that cannot be started is passed over', () => {
  expect(userShell({ SHELL: '/bin/sh', HOME: '/' })).toMatchObject({ file: '/bin/sh', directory: '/', environment: { SHELL: '/bin/sh' } });
  for (const SHELL of ['/no/such/shell', 'bash', '/etc/passwd', '/']) expect(userShell({ SHELL }).file).toMatch(/^\/(usr\/)?bin\/\w+$/);
});

test('a home that is gone gives way to the root folder', () => {
  expect(userShell({ HOME: '/no/such/home' }).directory).toBe('/');
});

test('whoever wants nobody to get a shell through it can switch them off', async () => {
  const loaded = await loadNodePty(() => expect.unreachable(), { RINGSCOPE_NO_SHELLS: '1' });
  expect(loaded).toMatchObject({ ok: false, error: { message: 'Shells are switched off here by RINGSCOPE_NO_SHELLS.' } });
});

test('a module that cannot be loaded is a sentence with the way out', async () => {
  const loaded = await loadNodePty(() => Promise.reject(new Error('Cannot find module pty.node\nRequire stack: a long one')));
  expect(loaded).toEqual({
    ok: false,
    error: {
      code: 'not-available',
      message: 'Shells need node-pty, which could not be loaded: Cannot find module pty.node.',
      remedy: expect.stringContaining('npm run setup'),
    },
  });
});
