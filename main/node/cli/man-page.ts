// The manual page, made from what the commands say of themselves, in the man macros that groff and mandoc both read.
import type { Command, Option } from './command.ts';

/** Plain text as roff: its own characters stay as they are, words in backticks become bold. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('’', '\\(cq')
    .replaceAll('…', '\\&...')
    .replaceAll('–', '\\(en')
    .replaceAll('↔', '\\(<>')
    .replace(/`([^`]*)`/g, '\\fB$1\\fR')
    .replace(/^([.'])/gm, '\\&$1');
}

const bold = (text: string) => `\\fB${roff(text)}\\fR`;
const italic = (text: string) => `\\fI${roff(text)}\\fR`;

function optionEntry([name, { argument, description, default: standard, short }]: readonly [string, Option]): string {
  const value = argument ? ` ${italic(argument)}` : '';
  const spellings = [...(short ? [bold(`-${short}`)] : []), `${bold(`--${name}`)}${value}`].join(', ');
  const text = standard === undefined ? description : `${description} (default ${standard})`;
  return `.TP\n${spellings}\n${roff(sentence(text))}`;
}

/** The words as a sentence: a capital at the beginning, a full stop at the end. */
function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}

function commandSection(command: Command): string {
  const call = Object.entries(command.options).map(
    ([name, { argument }]) => `[${bold(`--${name}`)}${argument ? ` ${italic(argument)}` : ''}]`,
  );
  const synopsis = [bold(`ringscope ${command.name}`), ...(command.positionals ? [italic(command.positionals)] : []), ...call].join(' ');
  const codes = Object.entries(command.exitCodes ?? {}).map(([code, meaning]) => `.TP\n${bold(code)}\n${roff(sentence(meaning))}`);
  return [
    `.SS "${roff(command.name)}"`,
    synopsis,
    '.PP',
    roff(sentence(command.description)),
    ...Object.entries(command.options).map(optionEntry),
    ...(codes.length > 0
      ? ['.PP', command.exitCodes?.[1] === undefined ? 'Exit codes beside 0 and 1:' : 'Exit codes beside 0:', ...codes]
      : []),
  ].join('\n');
}

const environment: Readonly<Record<string, string>> = {
  XDG_CACHE_HOME: 'The lab lies below `ringscope` in it; `~/.cache` when it is not set.',
  XDG_RUNTIME_DIR: 'The sockets of running sessions lie below `ringscope` in it.',
  RINGSCOPE_PORT: 'The port of `ringscope-web` on 127.0.0.1; the kernel chooses one when it is not set.',
  RINGSCOPE_NO_WINDOW: 'When set, `ringscope-web` prints its address and opens no window.',
  RINGSCOPE_DEBIAN_MIRROR: 'The Debian mirror that the lab is built from; the one of the machine\u2019s own apt lists when it is not set.',
};

/** `ringscope.1`. `version` is the application's. */
export function manPage(commands: readonly Command[], version: string): string {
  return [
    `.TH RINGSCOPE 1 "" "Ringscope ${roff(version)}" "User Commands"`,
    '.SH NAME',
    'ringscope, ringscope\\-web \\- inspect a network driver: queues, descriptors, interrupts and the kernel log',
    '.SH SYNOPSIS',
    `${bold('ringscope')} ${italic('COMMAND')} [${italic('OPTION')} ...]`,
    '.br',
    `${bold('ringscope')} [${italic('COMMAND')}] ${bold('--help')}`,
    '.br',
    `${bold('ringscope')} ${bold('--version')}`,
    '.br',
    bold('ringscope-web'),
    '.SH DESCRIPTION',
    roff(
      'Ringscope loads a network driver written in Rust in a lab guest that it brings along and reads what the driver and the card do.\n`ringscope` does so without a window; what was asked for goes to standard output, everything else to standard error.',
    ),
    '.PP',
    roff(
      '`ringscope-web` serves the window on 127.0.0.1.\nIt prints an address that opens it once, opens it itself where there is a display and Chromium, and ends with it.\nThrough ssh: `ssh -L 8257:127.0.0.1:8257 MACHINE`, with RINGSCOPE_PORT=8257 there.\nAs a service of the user: `systemctl --user start ringscope-web`; the addresses are then in `journalctl --user -u ringscope-web`.',
    ),
    '.SH COMMANDS',
    ...commands.map(commandSection),
    '.SH EXIT STATUS',
    '0 when it was done, 1 with one sentence on standard error when not. Commands that have more say so above.',
    '.SH ENVIRONMENT',
    ...Object.entries(environment).map(([name, text]) => `.TP\n${bold(name)}\n${roff(text)}`),
    '.SH FILES',
    `.TP\n${italic('~/.cache/ringscope')}\nThe lab: build root, kernel, driver, agent and guest image. It may be removed at any time and is then built anew.`,
    '.SH SEE ALSO',
    '.BR ethtool (8),\n.BR ip (8)',
    '',
  ].join('\n');
}
