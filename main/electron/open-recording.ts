// The native dialog that opens a recording, wherever it lies.
import { type BrowserWindow, dialog } from 'electron';
import { recordingsDirectory } from '../node/recording/recordings-directory.ts';
import { showFault } from './show-fault.ts';

/** Returns what a menu item does: it asks for a recording and gives its absolute path to `open`. While the dialog is there, it does nothing. */
export function recordingDialog(window: BrowserWindow, open: (path: string) => void): () => void {
  let isAsking = false;
  const ask = async () => {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title: 'Open Recording',
      defaultPath: recordingsDirectory(),
      filters: [{ name: 'Recordings (MCAP)', extensions: ['mcap'] }],
      properties: ['openFile'],
    });
    const [path] = filePaths;
    if (!canceled && path !== undefined) open(path);
  };
  return () => {
    if (isAsking || window.isDestroyed()) return;
    isAsking = true;
    ask()
      .catch((error: unknown) => {
        const detail = error instanceof Error ? error.message : String(error);
        return showFault(window, 'No recording could be chosen.', `${detail} What is inspected has not changed.`);
      })
      .finally(() => {
        isAsking = false;
      });
  };
}
