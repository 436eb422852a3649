// What is going to run as root must lie where only root and this user can write. The agent checks the same of itself; here it is refused before anyone is asked for a password.
import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { err, ok, type Result } from '#common/result.ts';

const groupOrOthersWrite = 0o022;
const othersWrite = 0o002;
const sticky = 0o1000;

/**
 * Refuses a file that others than root and `userId` could replace: one that is writable for group or others, or below a folder that anyone may write into.
 * In a sticky folder such as /tmp nobody can replace what is another's, so those pass. The error is a sentence with its remedy.
 */
export function checkedPath(path: string, userId: number): Result<string, string> {
  const file = resolve(path);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return err(`${file} is not there.`);
  if (!stat.isFile()) return err(`${file} is not a file.`);
  if (stat.uid !== 0 && stat.uid !== userId) return err(`${file} belongs to another user (uid ${stat.uid}), so it is not started as root.`);
  if (stat.mode & groupOrOthersWrite) return err(`Others may write ${file}: run \`chmod go-w ${file}\` after a look at how that came.`);
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const { mode, uid } = statSync(folder);
    if ((mode & othersWrite) !== 0 && (mode & sticky) === 0)
      return err(`Anyone may write into ${folder}, so ${file} is not started as root: move it, or run \`chmod o-w ${folder}\`.`);
    if (uid !== 0 && uid !== userId) return err(`${folder} belongs to another user (uid ${uid}), so ${file} is not started as root.`);
    if (folder === dirname(folder)) return ok(file);
  }
}
