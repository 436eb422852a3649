// Runs commands by their keys. Whoever types, in a field, a dialog or a terminal, is not disturbed.
import type { WindowModel } from '../state/window-model.ts';
import { boundCommands } from './commands.ts';
import { isPressed, isTypeable } from './key-combination.ts';

const isIn = (target: EventTarget | null, selector: string): boolean => target instanceof Element && target.closest(selector) !== null;

// What these keys press by themselves, when it has the focus.
const pressed = 'button, a, summary, label, [role="tab"], [role="option"], [role="slider"]';

/** Runs commands until the returned function is called. */
export function listenForKeys(model: WindowModel): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing || event.defaultPrevented || isIn(event.target, 'dialog, [role="dialog"], [role="alertdialog"], [role="menu"]'))
      return;
    if ((event.code === 'Space' || event.code === 'Enter') && isIn(event.target, pressed)) return;
    const isInTerminal = isIn(event.target, '.xterm');
    const { isPaletteOpen, isShortcutSheetOpen } = model.layout.getState();
    // A dialog is loaded when it is first asked for: what is typed meanwhile is meant for it.
    const isAwaited = isPaletteOpen || isShortcutSheetOpen;
    const isTyping = isAwaited || isIn(event.target, 'input, select, textarea, [contenteditable="true"]');
    const command = boundCommands(model).find(({ key }) => key !== null && isPressed(key, event));
    if (!command?.key) return;
    if (isInTerminal ? !command.isForTerminal || isTypeable(command.key) : isTyping && isTypeable(command.key)) return;
    event.preventDefault();
    event.stopPropagation();
    command.run();
  };
  // Before the terminal, which would swallow its keys.
  window.addEventListener('keydown', onKey, true);
  return () => window.removeEventListener('keydown', onKey, true);
}
