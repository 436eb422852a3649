// The help texts, made from what the commands say of themselves.
import { isInstalled } from '../installation.ts';
import type { Command, Option } from './command.ts';

const width = 100;

/** Words in lines of at most `width` characters, each after `indent`. */
function wrapped(text: string, indent: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && indent.length + last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => `${indent}${line}`).join('\n');
}

function rows(pairs: readonly (readonly [string, string])[]): string {
  const column = Math.max(...pairs.map(([left]) => left.length)) + 2;
  return pairs.map(([left, right]) => `  ${left.padEnd(column)}${wrapped(right, ' '.repeat(column + 2)).trimStart()}`).join('\n');
}

function optionRow([name, { argument, description, default: standard, short }]: readonly [string, Option]): [string, string] {
  const left = `${short ? `-${short}, ` : ''}--${name}${argument ? ` ${argument}` : ''}`;
  return [left, standard === undefined ? description : `${description} (default ${standard})`];
}

/** How a command is called, in one line. */
export function usage({ name, positionals, options }: Command): string {
  const parts = Object.entries(options).map(([option, { argument }]) => `[--${option}${argument ? ` ${argument}` : ''}]`);
  return ['ringscope', name, ...(positionals ? [positionals] : []), ...parts].join(' ');
}

/** `ringscope --help`. */
export function overview(commands: readonly Command[]): string {
  return `ringscope: an inspector for network drivers, without its window

${rows(commands.map(({ name, summary }) => [name, summary] as const))}

${rows([
  ['ringscope COMMAND --help', 'a command’s own options'],
  ['ringscope --version', 'the application’s version'],
])}

${isInstalled() ? '' : 'From a checkout: npm run --silent ringscope -- COMMAND …\n'}Exit code 0 when it was done, 1 with one sentence on standard error when not; some commands have more.
`;
}

/** `ringscope COMMAND --help`. */
export function commandHelp(command: Command): string {
  const all: Record<string, Option> = { ...command.options, help: { short: 'h', description: 'this text' } };
  const failure = command.exitCodes?.[1] === undefined ? ', 1 with one sentence on standard error' : '';
  const codes = Object.entries(command.exitCodes ?? {}).map(([code, meaning]) => `, ${code} ${meaning}`);
  return `ringscope ${command.name}: ${command.summary}

${wrapped(usage(command), '  ')}

${wrapped(command.description, '')}

${rows(Object.entries(all).map(optionRow))}

Exit code 0 when it was done${failure}${codes.join('')}.
`;
}
