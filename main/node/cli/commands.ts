// Every command, in the order of the help.
import type { Command } from './command.ts';
import { completion } from './commands/completion.ts';
import { lab } from './commands/lab.ts';
import { manual } from './commands/manual.ts';
import { snapshot } from './commands/snapshot.ts';

export const commands: readonly Command[] = [snapshot, lab, completion(() => commands), manual(() => commands)];
