// `ringscope completion`: the script by which a shell completes this command line.
import { type Command, UsageError } from '../command.ts';
import { bashCompletion } from '../completion/bash.ts';
import { zshCompletion } from '../completion/zsh.ts';

const scripts: Readonly<Record<string, (commands: readonly Command[]) => string>> = { bash: bashCompletion, zsh: zshCompletion };

/** The command; it is given the table that it is itself in. */
export function completion(commands: () => readonly Command[]): Command {
  return {
    name: 'completion',
    summary: 'the script that completes this command in bash or zsh',
    description:
      'Prints a completion script. For bash: `source <(ringscope completion bash)`. For zsh: `ringscope completion zsh > DIRECTORY/_ringscope`, with DIRECTORY in `fpath` before `compinit` runs.',
    positionals: 'SHELL',
    offers: Object.keys(scripts),
    options: {},
    usesLab: () => false,
    async run({ positionals, print }) {
      const [shell = '', ...more] = positionals;
      const script = scripts[shell];
      if (!script || more.length > 0)
        throw new UsageError(`completion takes one of ${Object.keys(scripts).join(' and ')}, not "${positionals.join(' ')}"`);
      await print(script(commands()));
      return 0;
    },
  };
}
