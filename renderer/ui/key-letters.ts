// What stands on the keys of this person's board, where the browser tells: codes are places, and a French board has another letter on `KeyQ`.
import { useEffect, useState } from 'react';

interface KeyboardLayout {
  getLayoutMap?(): Promise<ReadonlyMap<string, string>>;
}

let asked: Promise<ReadonlyMap<string, string> | undefined> | null = null;

function letters(): Promise<ReadonlyMap<string, string> | undefined> {
  const { keyboard } = navigator as Navigator & { readonly keyboard?: KeyboardLayout };
  // Refused in a frame of another origin, absent in Firefox: the usual letters then.
  asked ??= keyboard?.getLayoutMap?.().catch(() => undefined) ?? Promise.resolve(undefined);
  return asked;
}

/** Characters by code, or undefined while or where they are not known. */
export function useKeyLetters(): ReadonlyMap<string, string> | undefined {
  const [known, setKnown] = useState<ReadonlyMap<string, string> | undefined>();
  useEffect(() => {
    let isWanted = true;
    void letters().then((map) => {
      if (isWanted && map) setKnown(map);
    });
    return () => {
      isWanted = false;
    };
  }, []);
  return known;
}
