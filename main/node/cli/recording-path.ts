// Which file a command means: a path, or the bare name of one of the user's recordings.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { recordingName } from '#common/protocol/recording.ts';
import { recordingsDirectory } from '../recording/recordings-directory.ts';
import { UsageError } from './command.ts';

/** The path of the only positional argument, or a UsageError. */
export function recordingPath(positionals: readonly string[]): string {
  const [given, ...others] = positionals;
  if (given === undefined) throw new UsageError('A recording is missing: a path, or a name from the folder of recordings');
  if (others.length > 0) throw new UsageError(`One recording at a time, not "${others.join(' ')}" too`);
  if (existsSync(given) || !recordingName.safeParse(given).success) return given;
  return join(recordingsDirectory(), given);
}
