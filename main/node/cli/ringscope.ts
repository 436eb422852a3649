// The command `ringscope` (built as out/main/ringscope.js): the document on standard output, everything else on standard error.
import { applicationVersion } from '../application-version.ts';
import { type Command, helpText, readArguments } from './arguments.ts';
import { runSnapshot } from './run.ts';
import { tableText } from './table-text.ts';

function print(text: string): Promise<void> {
  // A document is longer than a pipe holds, so the process may only end once it has left.
  return new Promise((resolve, reject) => process.stdout.write(text, (error) => (error ? reject(error) : resolve())));
}

function onStep(step: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${step}\n`);
}

async function run(command: Command): Promise<void> {
  if (command.command === 'help') return print(helpText);
  if (command.command === 'version') return print(`${applicationVersion()}\n`);
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  const document = await runSnapshot({ name: command.name, seconds: command.seconds, onStep, signal: interruption.signal });
  await print(command.json ? `${JSON.stringify(document)}\n` : tableText(document));
}

function fail(sentence: string): void {
  process.stderr.write(`ringscope: ${sentence.replace(/\s*\n\s*/g, ' ')}\n`);
  process.exitCode = 1;
}

const command = readArguments(process.argv.slice(2));
if (command.ok) {
  try {
    await run(command.value);
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
} else {
  fail(command.error);
}
