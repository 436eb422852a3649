// Something that a dialog began did not work out.
import { type BrowserWindow, dialog } from 'electron';

/** Says so over the window, or without it when it is gone; and on standard error, for who started the application there. Never rejects. */
export async function showFault(window: BrowserWindow, message: string, detail: string): Promise<void> {
  process.stderr.write(`ringscope: ${message} ${detail}\n`);
  if (window.isDestroyed()) dialog.showErrorBox(message, detail);
  // A window that closes under its message takes it along; the sentence was written down above.
  else await dialog.showMessageBox(window, { type: 'error', message, detail }).catch(() => undefined);
}
