// Every command, in the order of the help.
import type { Command } from './command.ts';
import { build } from './commands/build.ts';
import { doctor } from './commands/doctor.ts';
import { observe } from './commands/observe.ts';
import { snapshot } from './commands/snapshot.ts';

export const commands: readonly Command[] = [snapshot, observe, doctor, build];
