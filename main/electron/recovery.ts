// A page whose process died is loaded again; the session lives in the main process and has lost nothing.
import { type BrowserWindow, dialog } from 'electron';

// A page that dies again so soon would do so for ever.
const againMs = 60_000;

/** Watches one window. `onLost` is called when its page dies a second time within a minute. */
export function recover(window: BrowserWindow, onLost: () => void): void {
  let reloadedMs = Number.NEGATIVE_INFINITY;
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    const detail = `The page's process ended: ${reason}, exit code ${exitCode}.`;
    process.stderr.write(`ringscope: ${detail}\n`);
    if (performance.now() - reloadedMs < againMs) {
      dialog.showErrorBox('Ringscope has to close', `${detail} It had been loaded again a moment before.`);
      onLost();
      return;
    }
    reloadedMs = performance.now();
    window.webContents.reload();
    void dialog.showMessageBox(window, {
      type: 'warning',
      message: 'The window stopped working and was loaded again.',
      detail: `${detail} The session was kept.`,
    });
  });
}
