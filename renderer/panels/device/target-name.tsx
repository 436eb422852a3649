// What is inspected, as the button says it that opens the choice.
import { ChevronDown } from 'lucide-react';
import type { TargetChoice } from '#common/protocol.ts';
import { useSession } from '../../ui/model-context.tsx';

export const targetNames: Record<TargetChoice['kind'], string> = { lab: 'Lab guest', local: 'This machine', recording: 'Recording' };

/** The button's content. */
export function TargetName() {
  const kind = useSession((state) => state.target?.kind ?? 'lab');
  return (
    <>
      {targetNames[kind]}
      <ChevronDown size={14} aria-hidden="true" />
    </>
  );
}
