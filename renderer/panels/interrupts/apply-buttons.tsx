// The end of a form whose values are a draft: apply it, or drop it.
import type { Draft } from './use-draft.ts';

/** The buttons. `readOnly` says why nothing can be changed here. */
export function ApplyButtons<T>({ draft, isReady, readOnly }: { draft: Draft<T>; isReady: boolean; readOnly: string | null }) {
  return (
    <>
      <button type="submit" className="primary" disabled={!isReady || readOnly !== null || draft.isUnderWay} title={readOnly ?? undefined}>
        Apply
      </button>
      {draft.value === null ? null : (
        <button type="button" onClick={draft.drop}>
          Undo
        </button>
      )}
    </>
  );
}
