// Whether a local agent may write registers, which is for whoever starts the application to say, and for no window.

/** The option, of the application and of the agent. */
export const allowWrites = '--allow-writes';

/** Reads `--allow-writes` from the arguments of an application. Throws an Error with a sentence beside `--observe`, which is the opposite. */
export function allowsWrites(args: readonly string[]): boolean {
  if (!args.includes(allowWrites)) return false;
  if (args.includes('--observe'))
    throw new Error(`${allowWrites} lets registers be written, and --observe changes nothing: leave one out.`);
  return true;
}
