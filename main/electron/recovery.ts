// A page whose process died is loaded once more; the session lives in the main process and has lost nothing.
import { type BrowserWindow, dialog } from 'electron';

/** Watches one window. `onLost` is called when its page dies a second time. */
export function recoverOnce(window: BrowserWindow, onLost: () => void): void {
  let hasReloaded = false;
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    const detail = `The page's process ended: ${reason}, exit code ${exitCode}.`;
    process.stderr.write(`ringscope: ${detail}\n`);
    if (hasReloaded) {
      dialog.showErrorBox('Ringscope has to close', `${detail} It had been loaded again once before.`);
      onLost();
      return;
    }
    hasReloaded = true;
    window.webContents.reload();
    void dialog.showMessageBox(window, {
      type: 'warning',
      message: 'The window stopped working and was loaded again.',
      detail: `${detail} The session was kept.`,
    });
  });
}
