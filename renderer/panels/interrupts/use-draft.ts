// What a person typed and has not been told back yet: it stands until the next observation after it was accepted, since a reply never paints.
import { useEffect, useState } from 'react';
import type { Refusal } from '#common/protocol.ts';

// An observation that differs in nothing is not sent; then what is shown is what is.
const longestWaitMs = 3000;

/** A draft with its fault. */
export interface Draft<T> {
  /** Null while nothing was typed. */
  readonly value: T | null;
  /** Accepted, and not seen in an observation yet. */
  readonly isUnderWay: boolean;
  readonly refusal: Refusal | null;
  set(value: T): void;
  /** Forgets what was typed. */
  drop(): void;
  /** Sends it. */
  apply(send: () => Promise<Refusal | null>): Promise<void>;
}

/** A draft of something that the observation with this time shows. */
export function useDraft<T>(timeNs: string | null): Draft<T> {
  const [value, setValue] = useState<T | null>(null);
  const [sentAtNs, setSentAt] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const drop = () => {
    setValue(null);
    setSentAt(null);
    setRefusal(null);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is dropped does not change what drops it
  useEffect(() => {
    if (sentAtNs === null) return undefined;
    if (sentAtNs !== timeNs) return drop();
    const timer = setTimeout(drop, longestWaitMs);
    return () => clearTimeout(timer);
  }, [sentAtNs, timeNs]);
  return {
    value,
    isUnderWay: sentAtNs !== null,
    refusal,
    set: (next) => {
      setValue(next);
      setSentAt(null);
      setRefusal(null);
    },
    drop,
    apply: async (send) => {
      const refused = await send();
      setRefusal(refused);
      if (!refused) setSentAt(timeNs ?? '');
    },
  };
}
