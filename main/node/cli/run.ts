// The command line without the process around it: joins or starts a session, and ends whatever it started.
import type { TargetChoice } from '#common/protocol.ts';
import type { SnapshotDocument } from '#common/snapshot-document.ts';
import type { Transport } from '#common/transport.ts';
import { joinLabSession } from '../session/join-server.ts';
import { transportPair } from '../session/memory-transport.ts';
import { type StartedSession, startOwnSession } from '../session/start-session.ts';
import { Collected } from './collected.ts';
import { SessionConnection } from './session-connection.ts';
import { takeSnapshot } from './take-snapshot.ts';

/** How the command line gets a session; tests bring their own. */
export interface SessionAccess {
  join(name: string): Promise<Transport | null>;
  start(name: string, first: TargetChoice): Promise<StartedSession>;
}

const ownAccess: SessionAccess = { join: joinLabSession, start: (name, first) => startOwnSession({ name, first, isRecorded: false }) };

/** What a command with a session needs. */
export interface SessionOptions {
  readonly name: string;
  /** The target of a session of its own. */
  readonly target: TargetChoice;
  /** The command, as the session is told. */
  readonly what: string;
  readonly onStep: (step: string) => void;
  /** Ends the run early, with everything that was started. */
  readonly signal: AbortSignal;
  readonly access?: SessionAccess;
}

/** A session that was joined, or started for this. */
export interface UsedSession {
  readonly connection: SessionConnection;
  readonly collected: Collected;
  /** The session is someone else's. */
  readonly isJoined: boolean;
}

/** Uses a session that runs already, or one of its own, which it ends. Failures are Errors whose message is a sentence. */
export async function withSession<T>(
  { name, target, what, onStep, signal, access = ownAccess }: SessionOptions,
  use: (session: UsedSession) => Promise<T>,
): Promise<T> {
  const joined = await access.join(name);
  onStep(joined ? 'Joining the running application' : target.kind === 'lab' ? 'Starting the lab' : 'Starting the agent');
  const own = joined ? null : await access.start(name, target);
  const connection = new SessionConnection(joined ?? attachTo(own));
  try {
    const collected = new Collected(connection);
    const abort = () => collected.abort(new Error(`The ${what} was interrupted.`));
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    const greeted = await connection.hello(`ringscope ${what}`);
    if (!greeted.ok) throw new Error(`The session refused: ${greeted.error.message}`);
    return await use({ connection, collected, isJoined: joined !== null });
  } finally {
    connection.close();
    await own?.close();
  }
}

/** What a snapshot run needs. */
export interface RunOptions extends Omit<SessionOptions, 'target' | 'what'> {
  /** The target of a session of its own, the lab unless told otherwise; one that is joined must inspect the same. */
  readonly target?: TargetChoice;
  /** PCI address; without it the device whose driver is under test, or the one that could be. */
  readonly device?: string | null;
  /** Take the device even when something on this machine depends on it. */
  readonly isConfirmed?: boolean;
  /** Let the link partner send; the lab's always does. */
  readonly hasTraffic?: boolean;
  readonly seconds: number;
}

/** Takes a snapshot from a session that runs already, or from one of its own. */
export function runSnapshot({
  target = { kind: 'lab' },
  device = null,
  isConfirmed = false,
  hasTraffic,
  seconds,
  ...options
}: RunOptions): Promise<SnapshotDocument> {
  return withSession({ ...options, target, what: 'snapshot' }, (session) =>
    takeSnapshot({
      ...session,
      kind: target.kind,
      device,
      isConfirmed,
      hasTraffic: hasTraffic ?? target.kind === 'lab',
      seconds,
      onStep: options.onStep,
    }),
  );
}

function attachTo(own: StartedSession | null): Transport {
  const [here, there] = transportPair();
  own?.session.attach(there);
  return here;
}
