// `ringscope snapshot`: one moment of a driver, as a table or as JSON.
import type { TargetChoice } from '#common/protocol.ts';
import { type Command, nameOption, numberOption, sessionName, UsageError } from '../command.ts';
import { deviceAddress } from '../options.ts';
import { runSnapshot } from '../run.ts';
import { tableText } from '../table-text.ts';

const longestSeconds = 3600;

function targetOf(name: string | undefined): TargetChoice {
  if (name === 'lab' || name === 'local') return { kind: name };
  throw new UsageError(`There is no target "${name}"; there are \`lab\` and \`local\``);
}

export const snapshot: Command = {
  name: 'snapshot',
  summary: 'one moment of a network driver, as a table or as JSON',
  description:
    'Joins the running application’s session, or starts a session of its own and ends it again. In the lab it loads the driver, lets the link partner send for N seconds and reads every queue. On this machine (--target local) it loads the driver, takes the card from its driver, watches for N seconds, reads every queue, and gives the card back.',
  options: {
    target: { argument: 'TARGET', default: 'lab', offers: ['lab', 'local'], description: '`lab`, or `local` for this machine' },
    device: { argument: 'ADDRESS', description: 'the card’s PCI address, such as 0000:01:00.0, where there are several' },
    seconds: { argument: 'N', default: '3', description: `how long to wait before the queues are read, 0 to ${longestSeconds}` },
    traffic: { description: 'let the link partner send meanwhile, where the target has one; the lab always does' },
    confirm: { description: 'take the card even when something depends on it: the default route, an ssh connection, an NFS mount' },
    json: { description: 'one JSON document on standard output instead of a table' },
    name: nameOption,
  },
  async run({ options, switches, print, onStep, signal }) {
    const target = targetOf(options.target);
    const document = await runSnapshot({
      name: sessionName(options.name),
      target,
      device: deviceAddress(options.device),
      isConfirmed: switches.has('confirm'),
      hasTraffic: target.kind === 'lab' || switches.has('traffic'),
      seconds: numberOption('seconds', options.seconds, 0, longestSeconds),
      onStep,
      signal,
    });
    await print(switches.has('json') ? `${JSON.stringify(document)}\n` : tableText(document));
    return 0;
  },
};
