// The course of `ringscope record`: join the running session or start one, record for as long as wanted, bring the files where they are wanted.
import { copyFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arguments, EventOf, TargetChoice } from '#common/protocol.ts';
import type { Transport } from '#common/transport.ts';
import { joinLabSession } from '../session/join-server.ts';
import { transportPair } from '../session/memory-transport.ts';
import { type StartedSession, startOwnSession } from '../session/start-session.ts';
import { Collected } from './collected.ts';
import { SessionConnection } from './session-connection.ts';

const liveLimitMs = 150_000;
const endLimitMs = 30_000;

/** How a session is got; tests bring their own. */
export interface RecordAccess {
  join(name: string): Promise<Transport | null>;
  start(name: string, target: TargetChoice): Promise<StartedSession>;
}

const usualAccess: RecordAccess = { join: joinLabSession, start: (name, first) => startOwnSession({ name, first, isRecorded: false }) };

/** What is wanted. */
export interface RecordOptions {
  readonly name: string;
  readonly target: TargetChoice;
  /** Null records until it is interrupted. */
  readonly seconds: number | null;
  readonly output: string | null;
  readonly asked: Omit<Arguments<'record'>, 'on'>;
  readonly onStep: (step: string) => void;
  readonly signal: AbortSignal;
  readonly access?: RecordAccess;
}

/** What came of it; the shape that `--json` prints. */
export interface RecordedFiles {
  readonly files: { readonly path: string; readonly bytes: number }[];
  readonly seconds: number;
  readonly droppedFrames: number;
  /** Why it ended before it was asked to; null when it did not. */
  readonly reason: string | null;
}

/** Records. Failures are Errors whose message is a sentence. */
export async function recordSession(options: RecordOptions): Promise<RecordedFiles> {
  const { name, target, onStep, access = usualAccess } = options;
  const joined = await access.join(name);
  onStep(joined ? 'Joining the running application' : 'Starting what is recorded');
  const own = joined ? null : await access.start(name, target);
  const connection = new SessionConnection(joined ?? attachTo(own));
  try {
    const collected = new Collected(connection);
    const greeted = await connection.hello('ringscope record');
    if (!greeted.ok) throw new Error(`The session refused: ${greeted.error.message}`);
    return await record(connection, collected, options, joined !== null);
  } finally {
    connection.close();
    await own?.close();
  }
}

function attachTo(own: StartedSession | null): Transport {
  const [here, there] = transportPair();
  own?.session.attach(there);
  return here;
}

async function record(
  connection: SessionConnection,
  collected: Collected,
  options: RecordOptions,
  isJoined: boolean,
): Promise<RecordedFiles> {
  const { asked, seconds, signal, onStep, output, target } = options;
  const kind = collected.event('target')?.kind;
  if (isJoined && kind !== undefined && kind !== target.kind)
    throw new Error(`The running application inspects another target (${kind}). Choose it there, or give \`--target ${kind}\`.`);
  const names = new Set<string>();
  const note = (event: EventOf<'recording'> | null) => {
    if (event?.name) names.add(event.name);
  };
  connection.onEvent((event) => {
    if (event.type === 'recording' && event.state !== 'idle') note(event);
  });
  await ask(connection, 'record', { on: true, ...asked });
  const interrupted = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
  const failed = collected
    .until(() => (collected.event('recording')?.state === 'failed' ? true : null), 2 ** 31 - 1, '')
    .then(() => undefined);
  failed.catch(() => undefined);
  const live = collected.until(() => whenLive(collected, isJoined), liveLimitMs, `No agent has answered within ${liveLimitMs / 1000} s.`);
  await Promise.race([live, interrupted, failed]);
  live.catch(() => undefined);
  onStep(seconds === null ? 'Recording until it is interrupted (Ctrl+C)' : `Recording for ${seconds} s`);
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    if (seconds !== null) timer = setTimeout(resolve, seconds * 1000);
  });
  await Promise.race([over, interrupted, failed]);
  clearTimeout(timer);
  const state = await ended(connection, collected);
  note(state);
  const listed = await folderOf(connection, collected);
  const files = await bring(
    [...names].sort().map((name) => join(listed, name)),
    output,
  );
  return { files, seconds: state.seconds, droppedFrames: state.droppedFrames, reason: state.reason };
}

function whenLive(collected: Collected, isJoined: boolean): true | null {
  const target = collected.event('target');
  if (target?.phase === 'failed') throw new Error(target.reason ? `${target.reason.title}: ${target.reason.detail}` : target.step);
  if (isJoined && target?.phase === 'stopped') throw new Error('The session’s target is stopped: start it in the window.');
  return target?.phase === 'live' && collected.event('hello') ? true : null;
}

async function ended(connection: SessionConnection, collected: Collected): Promise<EventOf<'recording'>> {
  if (collected.event('recording')?.state === 'recording') await connection.request('record', { on: false });
  return collected.until(
    () => {
      const recording = collected.event('recording');
      return recording && recording.state !== 'recording' ? recording : null;
    },
    endLimitMs,
    'The recording did not end in time.',
  );
}

async function folderOf(connection: SessionConnection, collected: Collected): Promise<string> {
  await ask(connection, 'list-recordings', {});
  const { folder } = await collected.until(() => collected.event('recordings'), endLimitMs, 'The session did not list its recordings.');
  return folder;
}

/** Moves the parts to where they are wanted: the first to the path itself, others beside it. */
async function bring(paths: readonly string[], output: string | null): Promise<{ path: string; bytes: number }[]> {
  const files = [];
  for (const [index, path] of paths.entries()) {
    const wanted =
      output === null ? path : index === 0 ? output : `${output.replace(/\.mcap$/, '')}-${String(index + 1).padStart(3, '0')}.mcap`;
    if (wanted !== path) await move(path, wanted);
    files.push({ path: wanted, bytes: (await stat(wanted)).size });
  }
  return files;
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV')
      throw new Error(
        `The recording stays at ${from}: it cannot be moved to ${to} (${error instanceof Error ? error.message : String(error)}).`,
      );
    await copyFile(from, to);
    await rm(from);
  }
}

async function ask<V extends 'record' | 'list-recordings'>(connection: SessionConnection, verb: V, args: Arguments<V>): Promise<void> {
  const answer = await connection.request(verb, args);
  if (!answer.ok) throw new Error(`${answer.error.message} ${answer.error.remedy ?? ''}`.trim());
}
