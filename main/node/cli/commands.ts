// Every command, in the order of the help.
import type { Command } from './command.ts';
import { snapshot } from './commands/snapshot.ts';

export const commands: readonly Command[] = [snapshot];
