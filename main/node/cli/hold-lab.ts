// A lab session held by the command line, and a look at one that another process holds.
import { joinLabSession } from '../session/join-server.ts';
import { transportPair } from '../session/memory-transport.ts';
import { startOwnSession } from '../session/start-session.ts';
import { Collected } from './collected.ts';
import { type LabStatus, labStatus } from './lab-status.ts';
import type { SessionAccess } from './run.ts';
import { SessionConnection } from './session-connection.ts';

const bootLimitMs = 180_000;
const answerLimitMs = 10_000;
const restartLimitMs = 1000;

/** How the command gets at sessions. */
export type LabAccess = SessionAccess;

/** Sessions of this user, by name. */
export const sessionAccess: LabAccess = { join: joinLabSession, start: (name) => startOwnSession({ name }) };

/** What holding a lab needs. */
export interface HoldOptions {
  readonly name: string;
  readonly access: LabAccess;
  readonly onStep: (step: string) => void;
  /** Called once, when the driver works. */
  readonly onReady: (status: LabStatus) => Promise<void>;
  /** Ends the lab. */
  readonly signal: AbortSignal;
}

/** Boots a lab and keeps it until the signal, or until somebody stops its target. Everything that was started has ended when this resolves. */
export async function holdLab({ name, access, onStep, onReady, signal }: HoldOptions): Promise<void> {
  const own = await access.start(name, { kind: 'lab' });
  const [here, there] = transportPair();
  own.session.attach(there);
  const connection = new SessionConnection(here);
  try {
    const collected = new Collected(connection);
    const interruption = new Error('The lab was interrupted.');
    const abort = () => collected.abort(interruption);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      await greet(connection);
      await onReady(await ready(name, collected, onStep));
      await ended(collected);
    } catch (error) {
      if (error !== interruption) throw error;
    }
  } finally {
    connection.close();
    await own.close();
  }
}

async function greet(connection: SessionConnection): Promise<void> {
  const greeted = await connection.hello('ringscope lab');
  if (!greeted.ok) throw new Error(`The session refused: ${greeted.error.message}`);
}

function ready(name: string, collected: Collected, onStep: (step: string) => void): Promise<LabStatus> {
  let said = '';
  return collected.until(
    () => {
      const status = labStatus(name, collected);
      if (!status) return null;
      const { phase, step } = status.target;
      if (step !== said) onStep(step);
      said = step;
      throwIfFailed(status);
      const refused = collected.event('notice');
      if (phase === 'live' && refused?.code === 'start-refused') throw new Error(refused.text);
      return phase === 'live' && status.module?.state === 'live' && status.traffic?.running ? status : null;
    },
    bootLimitMs,
    `The lab has no running driver after ${bootLimitMs / 1000} s.`,
  );
}

function throwIfFailed({ target, module }: LabStatus): void {
  if (target.phase === 'failed') throw new Error([target.step, target.reason?.detail, target.reason?.remedy].filter(Boolean).join(': '));
  if (module?.state === 'failed') throw new Error(`The driver ${module.name} cannot be loaded; the window’s log says why.`);
}

/** Resolves once the target was stopped and stays so: a restart passes through `stopped` too. A failure is thrown. */
async function ended(collected: Collected): Promise<void> {
  const isStopped = () => {
    const target = collected.event('target');
    if (target?.phase === 'failed') throw new Error(`${target.step}: ${target.reason?.detail ?? ''}`);
    return target?.phase === 'stopped';
  };
  for (let restarts = true; restarts; ) {
    await collected.until(() => isStopped() || null, Number.POSITIVE_INFINITY, '');
    restarts = await collected.until(() => !isStopped() || null, restartLimitMs, 'It stays stopped.').catch(() => false);
  }
}

/** What runs in the session of this name, or null when there is none. */
export function statusOf(name: string, access: LabAccess, signal: AbortSignal): Promise<LabStatus | null> {
  return joined(name, access, signal, (collected) => settled(name, collected));
}

/** Stops the target of the session of this name and waits for its end; null when there is no such session. */
export function stopLab(name: string, access: LabAccess, signal: AbortSignal): Promise<LabStatus | null> {
  return joined(name, access, signal, async (collected, connection) => {
    const answer = await connection.request('stop-target', {});
    if (!answer.ok) throw new Error(`The session refused: ${answer.error.message}`);
    return collected.until(
      () => {
        const status = labStatus(name, collected);
        return status?.target.phase === 'stopped' ? status : null;
      },
      answerLimitMs,
      `The lab has not stopped within ${answerLimitMs / 1000} s.`,
    );
  });
}

/** The status once the session has replayed what it keeps. */
function settled(name: string, collected: Collected): Promise<LabStatus> {
  return collected.until(
    () => {
      const status = labStatus(name, collected);
      if (status?.target.phase !== 'live') return status;
      return status.agent && status.module && status.traffic && collected.event('devices') ? status : null;
    },
    answerLimitMs,
    `The session "${name}" has not said how it stands within ${answerLimitMs / 1000} s.`,
  );
}

async function joined<T>(
  name: string,
  access: LabAccess,
  signal: AbortSignal,
  work: (collected: Collected, connection: SessionConnection) => Promise<T>,
): Promise<T | null> {
  const transport = await access.join(name);
  if (!transport) return null;
  const connection = new SessionConnection(transport);
  const collected = new Collected(connection);
  signal.addEventListener('abort', () => collected.abort(new Error('Interrupted.')), { once: true });
  try {
    await greet(connection);
    return await work(collected, connection);
  } finally {
    connection.close();
  }
}
