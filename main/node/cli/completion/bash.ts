// The bash side of completion. Needs nothing but bash itself: the bash-completion package loads the script lazily where it is installed.
import type { Command, Offers, Option } from '../command.ts';

const indent = '      ';

/** The lines that fill COMPREPLY with what is offered. */
function replyWith(offers: Offers | undefined): string {
  if (offers === undefined) return 'COMPREPLY=()';
  if (offers === 'files') return 'mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null || true';
  return `mapfile -t COMPREPLY < <(compgen -W '${offers.join(' ')}' -- "$current")`;
}

function spellings([name, { short }]: readonly [string, Option]): string[] {
  return [`--${name}`, ...(short ? [`-${short}`] : [])];
}

function commandCase(command: Command): string {
  const options = Object.entries(command.options);
  const valued = options
    .filter(([, { argument }]) => argument)
    .map((entry) => `${indent}  ${spellings(entry).join('|')}) ${replyWith(entry[1].offers)}; return ;;`);
  const words = [...options.map(([name]) => `--${name}`), '--help'];
  return [
    `    ${command.name})`,
    ...(valued.length > 0 ? [`${indent}case $previous in`, ...valued, `${indent}esac`] : []),
    `${indent}if [[ $current == -* ]]; then`,
    `${indent}  ${replyWith(words)}`,
    `${indent}else`,
    `${indent}  ${replyWith(command.offers)}`,
    `${indent}fi`,
    `${indent};;`,
  ].join('\n');
}

/** A script for bash 4.4 or newer that completes commands, options, and the values of options that have known ones. */
export function bashCompletion(commands: readonly Command[]): string {
  return `# bash completion of ringscope, made from its table of commands by \`ringscope completion bash\`.
_ringscope() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  # bash splits --option=value into three words.
  if [[ $current == = ]]; then current=''; elif [[ $previous == = ]]; then previous=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  if ((COMP_CWORD == 1)); then
    ${replyWith([...commands.map(({ name }) => name), '--help', '--version'])}
    return
  fi
  case \${COMP_WORDS[1]} in
${commands.map(commandCase).join('\n')}
  esac
}
complete -F _ringscope ringscope
`;
}
