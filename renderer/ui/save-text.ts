// A text that the window made becomes a file of the person's: the browser, or Electron, asks where to.

/** Offers the text as a file. */
export function saveText(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun by then; the text's memory is given back.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
