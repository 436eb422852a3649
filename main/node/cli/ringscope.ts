// The command `ringscope` (built as out/main/ringscope.js): the document on standard output, everything else on standard error.
import { applicationVersion } from '../application-version.ts';
import { UsageError } from './command.ts';
import { commands } from './commands.ts';
import { commandHelp, overview } from './help.ts';
import { type Asked, readArguments, refusal } from './read-arguments.ts';

function print(text: string): Promise<void> {
  // A document is longer than a pipe holds, so the process may only end once it has left.
  return new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));
}

function onStep(step: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${step}\n`);
}

async function run(asked: Asked): Promise<number> {
  if (asked.do === 'version') return print(`${applicationVersion()}\n`).then(() => 0);
  if (asked.do === 'overview') return print(overview(commands)).then(() => 0);
  if (asked.do === 'help') return print(commandHelp(asked.command)).then(() => 0);
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interruption.abort());
  return asked.command.run({ ...asked, print, onStep, signal: interruption.signal });
}

function fail(sentence: string, code = 1): void {
  process.stderr.write(`ringscope: ${sentence.replace(/\s*\n\s*/g, ' ')}\n`);
  process.exitCode = code;
}

// Whoever reads us may stop reading, as `head` does; the print that fails then ends the command.
process.stdout.on('error', () => undefined);

const asked = readArguments(process.argv.slice(2), commands);
const failureCode = commands.find(({ name }) => name === process.argv[2])?.failureCode;
if (asked.ok) {
  try {
    process.exitCode = await run(asked.value);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') process.exitCode = 1;
    else fail(error instanceof UsageError ? refusal(error) : error instanceof Error ? error.message : String(error), failureCode);
  }
} else {
  fail(asked.error, failureCode);
}
