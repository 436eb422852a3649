// What leaves the window: files with a name and a type, text by the clipboard, and a word when that fails.
import { afterEach, expect, test, vi } from 'vitest';
import { copyText, saveText } from '../../../renderer/ui/save-text.ts';
import { RenderedWindow } from '../../support/rendered-window.tsx';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

test('a saved text is a file of that name in UTF-8', async () => {
  let saved: Blob | undefined;
  vi.spyOn(URL, 'createObjectURL').mockImplementation((file) => {
    saved = file as Blob;
    return 'blob:saved';
  });
  const names: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    names.push(this.download);
  });
  saveText('rings.csv', 'text/csv', 'µs,1\r\n');
  expect(names).toEqual(['rings.csv']);
  expect(saved?.type).toBe('text/csv;charset=utf-8');
  expect(await saved?.text()).toBe('µs,1\r\n');
});

test('a clipboard that is refused is told of, with what to do', async () => {
  vi.stubGlobal('navigator', { clipboard: { writeText: () => Promise.reject(new Error('Not allowed.')) } });
  const rendered = new RenderedWindow();
  const { model } = rendered;
  await copyText(model, 'Table', 'a');
  expect(model.session.getState().messages.at(-1)).toMatchObject({ severity: 'error', title: 'Table could not be copied' });
  rendered.end();
});
