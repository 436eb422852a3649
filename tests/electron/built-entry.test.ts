// The entry as it is built: the paths that it derives from its own place hold only there.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'vite';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import config from '../../electron.config.ts';
import { createElectron } from './stand-in/electron.ts';
import { forgetSignals } from './stand-in/run.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const out = join(root, 'out/tests/electron');

/** A session that is nothing, in place of the one that boots a guest. */
const noGuest: Plugin = {
  name: 'no-guest',
  enforce: 'pre',
  resolveId: (source) => (source.endsWith('/session/start-session.ts') ? '\0no-guest' : null),
  load: (id) =>
    id === '\0no-guest'
      ? 'export const startOwnSession = async () => ({ session: { attach() {}, async checkAgent() {}, async openRecording() {} }, async close() {} });'
      : null,
};

beforeAll(async () => {
  const { main } = config as { main: { build: { rollupOptions: { input: { electron: string } } } } };
  rmSync(out, { recursive: true, force: true });
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [noGuest],
    build: {
      ssr: true,
      outDir: join(out, 'main'),
      rollupOptions: { input: { electron: main.build.rollupOptions.input.electron }, output: { entryFileNames: '[name].js' } },
    },
  });
  mkdirSync(join(out, 'renderer'));
  writeFileSync(join(out, 'renderer/index.html'), '<title>built</title>');
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

it('opens a window on the built page with the built preload', async () => {
  forgetSignals();
  const electron = createElectron({ userData: out });
  vi.resetModules();
  vi.doMock('electron', () => electron.module);
  await import(pathToFileURL(join(out, 'main/electron.js')).href);
  expect(electron.calls).toEqual(['registerSchemesAsPrivileged', 'enableSandbox']);
  electron.becomeReady();
  await vi.waitUntil(() => electron.windows.length > 0);
  expect(electron.windows[0]?.options.webPreferences?.preload).toBe(join(out, 'preload/preload.cjs'));
  const page = await electron.given.page?.(new Request('app://ringscope/'));
  expect(await page?.text()).toBe('<title>built</title>');
});
