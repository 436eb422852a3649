// Why nothing can be changed here, so that a control says it before it is tried.
import type { SessionState } from '../../state/session-store.ts';

/** A sentence, or null when the agent changes things. */
export function whyReadOnly({ target, hello }: SessionState): string | null {
  if (target?.kind === 'recording') return 'This is a recording; what it shows cannot be changed.';
  if (target?.phase !== 'live') return 'The target is not live.';
  if (hello?.role === 'observe') return 'The agent was started to observe only; connect again with the right to change this machine.';
  return null;
}
