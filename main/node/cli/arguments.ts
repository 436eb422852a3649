// What the command line was asked for. Whatever it does not know is refused in one sentence.
import { parseArgs } from 'node:util';
import { err, ok, type Result } from '#common/result.ts';

/** A command as it was asked for. */
export type Command =
  | { readonly command: 'help' }
  | { readonly command: 'version' }
  | { readonly command: 'snapshot'; readonly name: string; readonly seconds: number; readonly json: boolean };

const longestSeconds = 3600;

/** The text of `--help`. */
export const helpText = `ringscope snapshot: one moment of a network driver, as a table or as JSON

  npm run ringscope -- snapshot [--target lab] [--seconds N] [--json] [--name NAME]

Joins the running application's lab, or boots one and ends it again; loads the driver, lets the link partner
send for N seconds, then reads every queue.

  --target TARGET   what to inspect; \`lab\` is the only one so far (default lab)
  --seconds N       how long traffic runs before the queues are read, 0 to ${longestSeconds} (default 3)
  --json            one JSON document on standard output instead of a table
  --name NAME       the session's name, to use another lab beside an open application (default lab)
  --help            this text
  --version         the application's version

Exit code 0 with the document on standard output, 1 with one sentence on standard error.
`;

const options = {
  target: { type: 'string', default: 'lab' },
  seconds: { type: 'string', default: '3' },
  json: { type: 'boolean', default: false },
  name: { type: 'string', default: 'lab' },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', default: false },
} as const;

function parsed(args: readonly string[]) {
  return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
}

function firstSentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const sentence = text.split(/\. |\n/)[0] ?? text;
  return `${sentence.replace(/\.$/, '')}; \`--help\` lists what there is.`;
}

/** Reads the arguments after the program's name. The error is one sentence. */
export function readArguments(args: readonly string[]): Result<Command, string> {
  let read: ReturnType<typeof parsed>;
  try {
    read = parsed(args);
  } catch (error) {
    return err(firstSentence(error));
  }
  const { values, positionals } = read;
  if (values.help) return ok({ command: 'help' });
  if (values.version) return ok({ command: 'version' });
  const [command, ...more] = positionals;
  if (command === undefined) return err('A command is missing, such as `snapshot`; `--help` lists what there is.');
  if (command !== 'snapshot') return err(`There is no command "${command}"; \`--help\` lists what there is.`);
  if (more.length > 0) return err(`"${more.join(' ')}" was not understood; \`--help\` lists what there is.`);
  if (values.target !== 'lab') return err(`There is no target "${values.target}"; the only one so far is \`lab\`.`);
  const seconds = values.seconds.trim() === '' ? Number.NaN : Number(values.seconds);
  if (!(seconds >= 0 && seconds <= longestSeconds))
    return err(`--seconds takes a number from 0 to ${longestSeconds}, not "${values.seconds}".`);
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/.test(values.name)) return err(`--name takes letters, digits, - and _, not "${values.name}".`);
  return ok({ command: 'snapshot', name: values.name, seconds, json: values.json });
}
