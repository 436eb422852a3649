// The application in Electron itself, where its binary is on this machine.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright-core';
import { electronBinary } from '../../main/setup/electron-binary.mjs';
import type { OpenApplication } from './running-application.ts';

const checkout = join(import.meta.dirname, '..', '..');

/** Why no Electron window can be opened here, in words; null where one can. */
export const noElectron: string | null = electronBinary().path ? null : (electronBinary().reason ?? 'Electron’s binary is not here');

/** Starts Electron on the built application, with directories of its own. */
export async function openInElectron(): Promise<OpenApplication> {
  const runtimeDirectory = mkdtempSync(join(tmpdir(), 'ringscope-e2e-'));
  const electron: ElectronApplication = await _electron.launch({
    executablePath: electronBinary().path ?? '',
    args: [checkout, `--user-data-dir=${join(runtimeDirectory, 'electron')}`],
    env: { ...process.env, XDG_RUNTIME_DIR: runtimeDirectory } as Record<string, string>,
  });
  return {
    runtimeDirectory,
    page: await electron.firstWindow(),
    processId: electron.process().pid ?? 0,
    async [Symbol.asyncDispose]() {
      await electron.close().catch(() => undefined);
      rmSync(runtimeDirectory, { recursive: true, force: true });
    },
  };
}
