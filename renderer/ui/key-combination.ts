// Key combinations as they are kept: modifiers and the key's place on the board (`event.code`), so that a layout of letters other than one's own changes nothing. `Ctrl+Shift+KeyK`.

/** What of a key event names a combination. */
export type KeyPress = Pick<KeyboardEvent, 'code' | 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

const isModifier = (code: string) => /^(Control|Shift|Alt|Meta|OS)(Left|Right)?$/.test(code);

/** The combination of a key event; null while only modifiers are held. Control and Command are one. */
export function combinationOf({ code, ctrlKey, metaKey, altKey, shiftKey }: KeyPress): string | null {
  if (code === '' || isModifier(code)) return null;
  return `${ctrlKey || metaKey ? 'Ctrl+' : ''}${altKey ? 'Alt+' : ''}${shiftKey ? 'Shift+' : ''}${code}`;
}

/** Whether a key event is this combination. `?` is meant as the character, wherever a board has it. */
export function isPressed(combination: string, press: KeyPress): boolean {
  if (combination === '?') return press.key === '?' && !press.ctrlKey && !press.metaKey && !press.altKey;
  return combinationOf(press) === combination;
}

/** A combination that types a character by itself: it must not run while one types. */
export const isTypeable = (combination: string): boolean => !/^(Ctrl|Alt)\+/.test(combination) && !/^(Shift\+)?F\d{1,2}$/.test(combination);

const names: Readonly<Record<string, string>> = {
  Slash: '/',
  Backslash: '\\',
  Comma: ',',
  Period: '.',
  Semicolon: ';',
  Quote: "'",
  Backquote: '`',
  Minus: '-',
  Equal: '=',
  BracketLeft: '[',
  BracketRight: ']',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
};

/** What stands on the key, as far as the code tells: boards that name their letters otherwise (AZERTY) are asked for in `letters`, code to character. */
export function keyLabel(combination: string, letters?: ReadonlyMap<string, string>): string {
  const parts = combination.split('+');
  const code = parts.pop() ?? '';
  const own = letters?.get(code)?.toUpperCase();
  return [...parts, own ?? names[code] ?? code.replace(/^(Key|Digit)(?=.$)/, '').replace(/^Numpad/, 'Num ')].join('+');
}

/** A kept or written combination as it is compared; a single letter or digit stands for its key on the usual board. */
export function combination(text: string): string {
  if (/^[a-z]$/i.test(text)) return `Key${text.toUpperCase()}`;
  return /^\d$/.test(text) ? `Digit${text}` : text;
}
