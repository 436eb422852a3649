// What the keys do while the list of rows has the focus.

/** A thing to do in the list. */
export type LogAction =
  | { readonly type: 'move'; readonly rows: number; readonly isExtending: boolean }
  | { readonly type: 'step'; readonly direction: 1 | -1 }
  | { readonly type: 'toggle' | 'copy' | 'select-all' | 'clear' | 'find' };

/** The key event's part that counts. */
export type LogKey = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

/** What a key does; null when it does nothing here. `pageRows` are the rows in sight. */
export function actionOf({ key, shiftKey, ctrlKey, metaKey, altKey }: LogKey, pageRows: number): LogAction | null {
  if (altKey) return null;
  if (ctrlKey || metaKey) {
    const actions: Readonly<Record<string, LogAction>> = { a: { type: 'select-all' }, c: { type: 'copy' }, f: { type: 'find' } };
    return actions[key.toLowerCase()] ?? null;
  }
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: pageRows,
    PageUp: -pageRows,
    Home: Number.NEGATIVE_INFINITY,
    End: Number.POSITIVE_INFINITY,
  };
  const rows = moves[key];
  if (rows !== undefined) return { type: 'move', rows, isExtending: shiftKey };
  switch (key) {
    case 'n':
      return { type: 'step', direction: 1 };
    case 'N':
      return { type: 'step', direction: -1 };
    case 'F3':
      return { type: 'step', direction: shiftKey ? -1 : 1 };
    case 'Enter':
      return { type: 'toggle' };
    case 'Escape':
      return { type: 'clear' };
    case '/':
      return { type: 'find' };
    default:
      return null;
  }
}
