// A copy that takes its place only when it is whole.
import { constants, copyFile, open, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { err, ok, type Result } from '#common/result.ts';

/** Copies a file, in the place of what is at `to` if that is a file. The error is a sentence; what was at `to` is as it was then. */
export async function copyWhole(from: string, to: string): Promise<Result<void, string>> {
  // A link stays one: what it points to is replaced.
  const place = await realpath(to).catch(() => to);
  const unfinished = join(dirname(place), `.ringscope-${process.pid}.part`);
  try {
    await copyFile(from, unfinished, constants.COPYFILE_EXCL);
  } catch (error) {
    // What stood there before is another's.
    if (codeOf(error) !== 'EEXIST') await rm(unfinished, { force: true }).catch(() => undefined);
    return err(sentence(error, from, to));
  }
  try {
    // On the disk before the old file is gone from it.
    const file = await open(unfinished, 'r');
    await file.sync().finally(() => file.close());
    await rename(unfinished, place);
    return ok(undefined);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    return err(sentence(error, from, to));
  }
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : null);

function sentence(error: unknown, from: string, to: string): string {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `${to} cannot be written: the disk is full. Free some space, or choose another place.`;
    case 'EACCES':
    case 'EPERM':
      return `${to} cannot be written: you have no permission to. Choose another place.`;
    case 'EROFS':
      return `${to} cannot be written: its disk can only be read. Choose another place.`;
    case 'EISDIR':
      return `${to} is a folder. Choose a name for a file.`;
    case 'ENOENT':
    case 'ENOTDIR':
      return `${from} cannot be copied to ${to}: one of them, or its folder, is no longer there.`;
    default:
      return `${to} cannot be written: ${error instanceof Error ? error.message : String(error)}.`;
  }
}
