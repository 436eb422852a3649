// What page and Electron's menu say to each other over the page's port, beside the frames: the page lists its commands, the menu names one to run.
import { z } from 'zod';

const name = z.string().min(1).max(100);

/** Page to shell: everything that its palette offers. `key` is the key that runs it in the page, for show. */
export const commandList = z.strictObject({
  type: z.literal('commands'),
  commands: z.array(z.strictObject({ name, key: z.string().min(1).max(20).nullable() })).max(200),
});
export type CommandList = z.infer<typeof commandList>;

/** The page's command that shows what is inspected, which a shell runs when it has opened a recording. */
export const showInspect = 'Show Inspect';

/** Shell to page: run the command of this name. */
export const runCommand = z.strictObject({ type: z.literal('run-command'), name });
export type RunCommand = z.infer<typeof runCommand>;
