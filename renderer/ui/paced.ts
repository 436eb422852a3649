// For words about fast data: a component that shows numbers is rendered a few times a second, however often they change. Nobody reads faster.
import { useCallback, useSyncExternalStore } from 'react';
import type { Source } from '../state/source.ts';

/** The source's version, renewed at most every so many milliseconds; the last change is shown in any case. */
export function usePaced(source: Source, everyMs: number): number {
  const subscribe = useCallback(
    (listener: () => void) => {
      let last = Number.NEGATIVE_INFINITY;
      let timer: ReturnType<typeof setTimeout> | null = null;
      const tell = () => {
        timer = null;
        last = performance.now();
        listener();
      };
      const end = source.subscribe(() => {
        if (timer !== null) return;
        const wait = last + everyMs - performance.now();
        if (wait <= 0) tell();
        else timer = setTimeout(tell, wait);
      });
      return () => {
        if (timer !== null) clearTimeout(timer);
        end();
      };
    },
    [source, everyMs],
  );
  return useSyncExternalStore(subscribe, source.version);
}
