// The recording that an application is started on: `ringscope file.mcap`, or a file manager's choice.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The absolute path of the `.mcap` among the arguments of a window's application, null when there is none. A file manager may give a `file:` address. Throws
 * an Error with a sentence for more than one, and for an address that is no file of this machine.
 */
export function recordingArgument(args: readonly string[], folder: string): string | null {
  const [given, ...others] = args.filter((one) => !one.startsWith('-') && /\.mcap$/i.test(one));
  if (given === undefined) return null;
  if (others.length > 0) throw new Error(`One recording at a time: leave out ${others.join(', ')}.`);
  if (!given.startsWith('file:')) return resolve(folder, given);
  try {
    return fileURLToPath(given);
  } catch {
    throw new Error(`${given} is no file of this machine. Give the recording's path.`);
  }
}
