// The one way to a session on the lab: both shells and the command line come through here.
import { applicationVersion } from '../application-version.ts';
import { recordsAlways } from '../recording/record-setting.ts';
import type { ChosenTarget, CreateTarget } from '../target.ts';
import { createTargets } from '../targets.ts';
import { openJoinServer } from './join-server.ts';
import { Session } from './session.ts';

/** A running session, and the end of it and of everything that was started for it. */
export interface StartedSession {
  readonly session: Session;
  close(): Promise<void>;
}

/**
 * Starts a session on a target, with its `session.sock`. Resolves before the target has started, so that a window can show how it does. The socket comes
 * first: it keeps a second application from starting a guest of the same name. Throws an Error with a sentence when one already runs.
 */
export async function startSession(
  name: string,
  createTarget: CreateTarget,
  first: ChosenTarget = { kind: 'lab' },
  isRecorded = false,
): Promise<StartedSession> {
  let session: Session | null = null;
  const server = await openJoinServer(name, (transport) => {
    if (session) session.attach(transport);
    else transport.close();
  });
  try {
    const started = new Session({ createTarget, first, applicationVersion: applicationVersion() });
    session = started;
    if (isRecorded && first.kind !== 'recording') started.record({ fromStart: true });
    void started.start();
    let closing: Promise<void> | null = null;
    const close = async () => {
      await started.close();
      await server.close();
    };
    return {
      session: started,
      close: () => {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** Starts a session on the chosen target, the lab unless told otherwise. `name` is its runtime directory's; tests that run beside an open application give their own. */
export function startOwnSession({
  name = 'lab',
  first,
  isRecorded = recordsAlways(),
  allowsWrites = false,
}: OwnSessionOptions = {}): Promise<StartedSession> {
  return startSession(name, createTargets({ name, allowsWrites }), first, isRecorded);
}

/** How a session of one's own begins. `isRecorded`: from its start, as the user chose unless told otherwise. `allowsWrites`: a local agent may write registers. */
export interface OwnSessionOptions {
  readonly name?: string;
  readonly first?: ChosenTarget;
  readonly isRecorded?: boolean;
  readonly allowsWrites?: boolean;
}
