// The zsh side of completion, in the words of its `_arguments`.
import type { Command, Offers, Option } from '../command.ts';

/** Text inside single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Text where `_arguments` gives brackets and colons a meaning. */
function plain(text: string): string {
  return text.replace(/[\\[\]:]/g, '\\$&');
}

function actionOf(offers: Offers | undefined): string {
  if (offers === undefined) return ' ';
  return offers === 'files' ? '_files' : `(${offers.join(' ')})`;
}

function optionSpecs([name, { argument, description, short, offers }]: readonly [string, Option]): string[] {
  const value = argument ? `:${plain(argument)}:${actionOf(offers)}` : '';
  const spec = (spelling: string) => quoted(`${spelling}[${plain(description)}]${value}`);
  return [spec(`--${name}${argument ? '=' : ''}`), ...(short ? [spec(`-${short}`)] : [])];
}

function commandCase({ name, options, positionals, offers }: Command): string {
  const all: readonly (readonly [string, Option])[] = [
    ...Object.entries(options),
    ['help', { short: 'h', description: 'the help of this command' }],
  ];
  const specs = [...all.flatMap(optionSpecs), ...(positionals ? [quoted(`*:${plain(positionals)}:${actionOf(offers)}`)] : [])];
  return `    ${name})\n      _arguments -s ${specs.map((spec) => `\\\n        ${spec}`).join(' ')}\n      ;;`;
}

/** A script for a folder of `fpath`, under the name `_ringscope`. */
export function zshCompletion(commands: readonly Command[]): string {
  const described = commands.map(({ name, summary }) => `      ${quoted(`${name}:${summary}`)}`).join('\n');
  return `#compdef ringscope
# zsh completion of ringscope, made from its table of commands by \`ringscope completion zsh\`.
_ringscope() {
  if ((CURRENT == 2)); then
    local -a commands=(
${described}
    )
    _describe -t commands command commands
    _arguments '--help[all commands]' '--version[the version]'
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT--))
  case $command in
${commands.map(commandCase).join('\n')}
  esac
}
if [[ $funcstack[1] == _ringscope ]]; then _ringscope "$@"; else compdef _ringscope ringscope; fi
`;
}
