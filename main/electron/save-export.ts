// An export of this window is in the exports folder; the user says where a copy of it should be too.
import { basename, extname } from 'node:path';
import { type BrowserWindow, dialog } from 'electron';
import { copyWhole } from '../node/copy-whole.ts';
import { showFault } from './show-fault.ts';

/** The dialogs for the exports of one window, one after the other. */
export class ExportDialogs {
  readonly #window: BrowserWindow;
  #asked: Promise<void> = Promise.resolve();
  #copying: Promise<void> = Promise.resolve();

  constructor(window: BrowserWindow) {
    this.#window = window;
  }

  /** Asks where a copy of the file at this path should be. It stays where it is in any case. */
  offer(path: string): void {
    this.#asked = this.#asked
      .then(() => this.#ask(path))
      .catch((error: unknown) => {
        const detail = error instanceof Error ? error.message : String(error);
        return showFault(this.#window, 'Nobody could be asked where to save the export.', `${detail} It is in ${path}.`);
      });
  }

  /** Resolves when the copy that is being written is whole, or has failed. A dialog or message that is open is not waited for. */
  copied(): Promise<void> {
    return this.#copying;
  }

  async #ask(path: string): Promise<void> {
    if (this.#window.isDestroyed()) return;
    const ending = extname(path).slice(1);
    const { canceled, filePath } = await dialog.showSaveDialog(this.#window, {
      title: 'Save Export',
      defaultPath: basename(path),
      filters: [
        { name: ending, extensions: [ending] },
        { name: 'All files', extensions: ['*'] },
      ],
      properties: ['showOverwriteConfirmation', 'createDirectory'],
    });
    if (canceled || filePath === '') return;
    const copying = copyWhole(path, filePath);
    this.#copying = copying.then(() => undefined);
    const copied = await copying;
    if (!copied.ok)
      await showFault(this.#window, 'The export could not be saved there.', `${copied.error} The export itself is in ${path}.`);
  }
}
