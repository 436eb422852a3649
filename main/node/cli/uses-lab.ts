// Asked by main/setup before it starts the command line, so that `--help` does not wait for a lab (built as out/main/uses-lab.js).
import { commands } from './commands.ts';
import { readArguments } from './read-arguments.ts';

/** Whether the lab must have been built before the command line runs with these arguments. */
export function usesLab(args: readonly string[]): boolean {
  const asked = readArguments(args, commands);
  if (!asked.ok || asked.value.do !== 'run') return false;
  const { command, options, positionals } = asked.value;
  return command.usesLab?.({ options, positionals }) ?? options.target === 'lab';
}
