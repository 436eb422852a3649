// A dialog that is opened by a key of a list, or by a command, has no button of its own to give the focus back to.
import { useCallback, useRef } from 'react';

/** Gives the focus back to what had it when the component was first painted; for `onCloseAutoFocus`. */
export function useReturnFocus(): () => void {
  const before = useRef(document.activeElement);
  return useCallback(() => {
    if (before.current instanceof HTMLElement) before.current.focus();
  }, []);
}
