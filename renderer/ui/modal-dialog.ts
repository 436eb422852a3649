// A dialog that is open as long as its component is there.
import { type RefObject, useEffect, useRef } from 'react';

/** The dialog's element: shown modally, its field focused, and the focus given back to where it was unless something else took it meanwhile. */
export function useModalDialog(): RefObject<HTMLDialogElement | null> {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    // A dialog gives the focus to its first element that can have one, which may be a list's frame.
    dialog.current?.querySelector('input')?.focus();
    return () => {
      const isLeft = document.activeElement === document.body || document.activeElement === null;
      if (isLeft && before instanceof HTMLElement) before.focus();
    };
  }, []);
  return dialog;
}
