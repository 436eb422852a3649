// Every command, in the order of the help.
import type { Command } from './command.ts';
import { autopsy } from './commands/autopsy.ts';
import { build } from './commands/build.ts';
import { check } from './commands/check.ts';
import { completion } from './commands/completion.ts';
import { doctor } from './commands/doctor.ts';
import { exportCommand } from './commands/export.ts';
import { lab } from './commands/lab.ts';
import { manual } from './commands/manual.ts';
import { observe } from './commands/observe.ts';
import { record } from './commands/record.ts';
import { replay } from './commands/replay.ts';
import { report } from './commands/report.ts';
import { snapshot } from './commands/snapshot.ts';

export const commands: readonly Command[] = [
  snapshot,
  observe,
  record,
  replay,
  exportCommand,
  check,
  autopsy,
  report,
  doctor,
  build,
  lab,
  completion(() => commands),
  manual(() => commands),
];
