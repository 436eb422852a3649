// `ringscope snapshot`: one moment of a driver, as a table or as JSON.
import { type Command, nameOption, numberOption, sessionName, UsageError } from '../command.ts';
import { runSnapshot } from '../run.ts';
import { tableText } from '../table-text.ts';

const longestSeconds = 3600;

export const snapshot: Command = {
  name: 'snapshot',
  summary: 'one moment of a network driver, as a table or as JSON',
  description:
    'Joins the running application’s session, or boots a lab and ends it again; loads the driver, lets the link partner send for N seconds, then reads every queue.',
  options: {
    target: { argument: 'TARGET', default: 'lab', offers: ['lab'], description: 'what to inspect; `lab` is the only one so far' },
    seconds: { argument: 'N', default: '3', description: `how long traffic runs before the queues are read, 0 to ${longestSeconds}` },
    json: { description: 'one JSON document on standard output instead of a table' },
    name: nameOption,
  },
  async run({ options, switches, print, onStep, signal }) {
    if (options.target !== 'lab') throw new UsageError(`There is no target "${options.target}"; the only one so far is \`lab\``);
    const seconds = numberOption('seconds', options.seconds, 0, longestSeconds);
    const document = await runSnapshot({ name: sessionName(options.name), seconds, onStep, signal });
    await print(switches.has('json') ? `${JSON.stringify(document)}\n` : tableText(document));
    return 0;
  },
};
