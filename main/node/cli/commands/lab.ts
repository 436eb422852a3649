// `ringscope lab`: a lab that stays, for other commands to join; what runs in it; its end.
import { type Command, nameOption, sessionName, UsageError } from '../command.ts';
import { holdLab, type LabAccess, sessionAccess, statusOf, stopLab } from '../hold-lab.ts';
import { labStatusText } from '../lab-status.ts';

const actions = ['start', 'status', 'stop', 'build'] as const;
type Action = (typeof actions)[number];

function actionOf(positionals: readonly string[]): Action {
  const [word = 'start', ...more] = positionals;
  const action = actions.find((known) => known === word);
  if (!action || more.length > 0) throw new UsageError(`lab takes one of ${actions.join(', ')}, not "${positionals.join(' ')}"`);
  return action;
}

/** The command; tests bring their own sessions. */
export function labCommand(access: LabAccess): Command {
  return {
    name: 'lab',
    summary: 'boots a lab and keeps it for other commands; says what runs in one; ends it',
    description:
      '`start`, or nothing, boots the lab, prints what runs once the driver works, and keeps it until Ctrl-C or `ringscope lab stop`; other commands with the same --name join it. `status` says what runs in a session. `build` only builds what is missing of the lab.',
    positionals: '[ACTION]',
    offers: actions,
    options: { json: { description: 'one JSON document on standard output instead of lines' }, name: nameOption },
    exitCodes: { 3: 'when `status` or `stop` finds no session of this name' },
    usesLab: ({ positionals }) => ['start', 'build'].includes(positionals[0] ?? 'start'),
    async run({ options, switches, positionals, print, onStep, signal }) {
      const action = actionOf(positionals);
      const name = sessionName(options.name);
      const show = (status: Parameters<typeof labStatusText>[0]) =>
        print(switches.has('json') ? `${JSON.stringify(status)}\n` : labStatusText(status));
      switch (action) {
        case 'build':
          onStep('The lab is built.');
          return 0;
        case 'start':
          await holdLab({ name, access, onStep, onReady: show, signal });
          return 0;
        case 'status': {
          const status = await statusOf(name, access, signal);
          await show(status ?? { session: name, running: false });
          return status ? 0 : 3;
        }
        case 'stop': {
          const stopped = await stopLab(name, access, signal);
          await show(stopped ?? { session: name, running: false });
          return stopped ? 0 : 3;
        }
      }
    },
  };
}

export const lab: Command = labCommand(sessionAccess);
