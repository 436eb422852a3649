// Which event takes the place of which: the newest of its type, and of observations the newest of each device, since one that does not change is not told again.
import type { AgentEvent } from '#common/protocol.ts';

/** Events of the same key replace each other. For all but observations it is the type. */
export function eventKey(event: AgentEvent): string {
  return event.type === 'observation' ? `${event.type} ${event.device}` : event.type;
}
