// Builds the preload with the application's own configuration and runs it as Electron's sandbox would: one CommonJS file that may require only `electron`.
import { fileURLToPath } from 'node:url';
import { createContext, runInContext } from 'node:vm';
import type { MessagePort } from 'node:worker_threads';
import type { ContextBridge, IpcRenderer } from 'electron';
import { build, type Rolldown } from 'vite';
import config from '../../../electron.config.ts';
import { strict } from './strict.ts';

/** The preload's only output file. Throws when there are several. */
export async function buildPreload(): Promise<string> {
  const { preload } = config as {
    preload: { build: { rollupOptions: { input: Record<string, string>; output: Rolldown.OutputOptions } } };
  };
  const { input, output } = preload.build.rollupOptions;
  const built = (await build({
    root: fileURLToPath(new URL('../../..', import.meta.url)),
    configFile: false,
    logLevel: 'silent',
    build: { write: false, rollupOptions: { input, output, external: ['electron'] } },
  })) as Rolldown.RolldownOutput;
  const [chunk] = built.output;
  if (built.output.length !== 1 || chunk.fileName !== 'preload.cjs') throw new Error('The preload must be one file.');
  return chunk.code;
}

/** What the page sees of a preload that runs. */
export interface PreloadRun {
  /** What was exposed, by name. */
  readonly exposed: Map<string, Record<string, () => void>>;
  /** What was posted to the page's window. */
  readonly posted: { message: unknown; origin: string; ports: readonly MessagePort[] }[];
  /** What was sent to the main process. */
  readonly sent: unknown[][];
  /** A message of the main process. */
  deliver(channel: string, ports: readonly MessagePort[]): void;
}

/** Runs a built preload for a page at `origin`. */
export function runPreload(code: string, origin: string): PreloadRun {
  const exposed: PreloadRun['exposed'] = new Map();
  const posted: PreloadRun['posted'] = [];
  const sent: unknown[][] = [];
  const listeners = new Map<string, (event: { ports: readonly MessagePort[] }) => void>();
  const contextBridge: Pick<ContextBridge, 'exposeInMainWorld'> = {
    exposeInMainWorld: (name, value) => void exposed.set(name, value),
  };
  const ipcRenderer: Pick<IpcRenderer, 'send'> & { on(channel: string, listener: (event: never) => void): void } = {
    send: (...values) => void sent.push(values),
    on: (channel, listener) => void listeners.set(channel, listener as (event: { ports: readonly MessagePort[] }) => void),
  };
  const electron = strict('electron', {
    contextBridge: strict('contextBridge', contextBridge),
    ipcRenderer: strict('ipcRenderer', ipcRenderer),
  });
  const window = strict('window', {
    postMessage: (message: unknown, target: string, ports: readonly MessagePort[]) => void posted.push({ message, origin: target, ports }),
  });
  const module = { exports: {} };
  const context = createContext({
    require: (name: string) => {
      if (name !== 'electron') throw new Error(`A sandboxed preload cannot require “${name}”.`);
      return electron;
    },
    module,
    exports: module.exports,
    window,
    location: strict('location', { origin }),
  });
  runInContext(code, context);
  return { exposed, posted, sent, deliver: (channel, ports) => listeners.get(channel)?.({ ports }) };
}
