// Words with commands and file names between backticks, as the application's own texts have them.
import { Fragment, type ReactNode } from 'react';

/** The words; what stands between backticks is set as code. */
export function withCode(text: string): ReactNode {
  // Parts take turns: words, code, words …
  return text.split('`').map((part, at) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the text does not change
    at % 2 === 1 ? <code key={at}>{part}</code> : <Fragment key={at}>{part}</Fragment>,
  );
}
