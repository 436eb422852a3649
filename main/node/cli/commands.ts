// Every command, in the order of the help.
import type { Command } from './command.ts';
import { build } from './commands/build.ts';
import { doctor } from './commands/doctor.ts';
import { snapshot } from './commands/snapshot.ts';

export const commands: readonly Command[] = [snapshot, doctor, build];
