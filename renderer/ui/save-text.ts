// Text that leaves the window: as a file that the browser saves, or by the clipboard.

import { tell } from '../state/session-store.ts';
import type { WindowModel } from '../state/window-model.ts';

/** Lets the browser save text as a file of this name; `type` without a character set, which is always UTF-8. */
export function saveText(name: string, type: string, text: string): void {
  saveFile(name, new Blob([text], { type: `${type};charset=utf-8` }));
}

/** Lets the browser save a file of this name: it asks where, or puts it among the downloads. */
export function saveFile(name: string, file: Blob): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has taken the bytes by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Puts text on the clipboard, and says so or why not. */
export async function copyText(model: WindowModel, what: string, text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    tell(model.session, { severity: 'info', title: `${what} copied`, detail: '' });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    tell(model.session, { severity: 'error', title: `${what} could not be copied`, detail: `${detail} Save it as a file in its place.` });
  }
}
