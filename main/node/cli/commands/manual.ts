// `ringscope manual`: the man page, as roff. A package stores what it prints.
import { applicationVersion } from '../../application-version.ts';
import type { Command } from '../command.ts';
import { manPage } from '../man-page.ts';

/** The command; it is given the table that it is itself in. */
export function manual(commands: () => readonly Command[]): Command {
  return {
    name: 'manual',
    summary: 'the manual page, for `man -l -`',
    description: 'Prints the manual page of all commands as roff: `ringscope manual | man -l -`.',
    options: {},
    usesLab: () => false,
    async run({ print }) {
      await print(manPage(commands(), applicationVersion()));
      return 0;
    },
  };
}
