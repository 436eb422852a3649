// What the command line was asked for. Whatever it does not know is refused in one sentence.
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '#common/result.ts';
import type { Command, Invocation } from './command.ts';

/** What is to be done. */
export type Asked =
  | { readonly do: 'overview' }
  | { readonly do: 'version' }
  | { readonly do: 'help'; readonly command: Command }
  | ({ readonly do: 'run'; readonly command: Command } & Pick<Invocation, 'options' | 'switches' | 'positionals'>);

const seeHelp = '`--help` lists what there is';

/** One sentence that ends with where to look. */
export function refusal(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const sentence = text.split(/\. |\n/)[0] ?? text;
  return `${sentence.replace(/\.$/, '')}; ${seeHelp}.`;
}

/** Reads the arguments after the program's name. The error is one sentence. */
export function readArguments(args: readonly string[], commands: readonly Command[]): Result<Asked, string> {
  const [first, ...rest] = args;
  if (first === undefined) return err(refusal('A command is missing, such as `snapshot`'));
  if (first === '--help' || first === '-h' || first === 'help') return ok({ do: 'overview' });
  if (first === '--version') return ok({ do: 'version' });
  const command = commands.find(({ name }) => name === first);
  if (!command) return err(refusal(first.startsWith('-') ? `A command comes first, not "${first}"` : `There is no command "${first}"`));
  if (rest.includes('--help') || rest.includes('-h')) return ok({ do: 'help', command });
  const options = Object.fromEntries(
    Object.entries(command.options).map(([name, { argument, short }]) => [
      name,
      { type: argument ? ('string' as const) : ('boolean' as const), ...(short ? { short } : {}) },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args: rest, options, allowPositionals: true, strict: true });
    if (positionals.length > 0 && !command.positionals) return err(refusal(`"${positionals.join(' ')}" was not understood`));
    const given = Object.entries(command.options).filter(([, { argument }]) => argument);
    return ok({
      do: 'run',
      command,
      positionals,
      options: Object.fromEntries(given.map(([name, option]) => [name, (values[name] as string | undefined) ?? option.default])),
      switches: new Set(Object.keys(values).filter((name) => values[name] === true)),
    });
  } catch (error) {
    return err(refusal(error));
  }
}
