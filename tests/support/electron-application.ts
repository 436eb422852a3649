// The application in Electron itself, where its binary is on this machine.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright-core';
import { electronBinary } from '../../main/setup/electron-binary.mjs';
import type { OpenApplication } from './running-application.ts';

const checkout = join(import.meta.dirname, '..', '..');

// A test fetches nothing: where the binary is missing it is skipped.
const binary = await electronBinary(() => undefined, { fetch: async () => 'Electron’s binary is not on this machine' });

/** Why no Electron window can be opened here, in words; null where one can. */
export const noElectron: string | null = binary.path === undefined ? binary.reason : null;

/** Starts Electron on the built application, with directories of its own. */
export async function openInElectron(): Promise<OpenApplication> {
  const runtimeDirectory = mkdtempSync(join(tmpdir(), 'ringscope-e2e-'));
  const electron: ElectronApplication = await _electron.launch({
    executablePath: binary.path ?? '',
    args: [checkout, `--user-data-dir=${join(runtimeDirectory, 'electron')}`],
    env: { ...process.env, XDG_RUNTIME_DIR: runtimeDirectory } as Record<string, string>,
  });
  const ended = new Promise<void>((resolve) => electron.process().once('exit', () => resolve()));
  return {
    runtimeDirectory,
    page: await electron.firstWindow(),
    processId: electron.process().pid ?? 0,
    ended,
    async [Symbol.asyncDispose]() {
      await electron.close().catch(() => undefined);
      rmSync(runtimeDirectory, { recursive: true, force: true });
    },
  };
}
