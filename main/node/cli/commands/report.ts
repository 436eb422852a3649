// `ringscope report`: everything that a bug tracker asks for, as text or as JSON.
import { writeFile } from 'node:fs/promises';
import type { TargetChoice } from '#common/protocol.ts';
import { reportText } from '#common/report/report-text.ts';
import { type Command, nameOption, numberOption, sessionName, UsageError } from '../command.ts';
import { withSession } from '../run.ts';
import { takeReport } from '../take-report.ts';

const longestSeconds = 3600;

function targetOf(name: string | undefined): TargetChoice {
  if (name === 'lab') return { kind: 'lab' };
  if (name === 'local') return { kind: 'local', observe: true };
  throw new UsageError(`There is no target "${name}"; there are \`lab\` and \`local\``);
}

export const report: Command = {
  name: 'report',
  summary: 'everything for a bug tracker: versions, devices, counters, alerts, log',
  description:
    'Joins the running application’s session, or starts one and ends it again, looks at every network card for N seconds and changes nothing. The report has the versions of kernel, driver, agent and application, the module’s digest, devices with link and PCIe, counters, interrupts, alerts, what the doctor found and the newest lines of the kernel log. MAC and IP addresses are shortened and the machine is not named.',
  options: {
    target: { argument: 'TARGET', default: 'lab', offers: ['lab', 'local'], description: '`lab`, or `local` for this machine' },
    seconds: { argument: 'N', default: '3', description: `how long to look, 1 to ${longestSeconds}` },
    addresses: { description: 'leave MAC and IP addresses in full' },
    output: { argument: 'FILE', offers: 'files', description: 'write the report there in place of standard output' },
    json: { description: 'one JSON document instead of text' },
    name: nameOption,
  },
  async run({ options, switches, print, onStep, signal }) {
    const target = targetOf(options.target);
    const seconds = numberOption('seconds', options.seconds, 1, longestSeconds);
    const document = await withSession({ name: sessionName(options.name), target, onStep, signal, what: 'report' }, (session) =>
      takeReport({ ...session, kind: target.kind, seconds, keepsAddresses: switches.has('addresses'), onStep }),
    );
    const text = switches.has('json') ? `${JSON.stringify(document)}\n` : reportText(document);
    if (options.output === undefined) await print(text);
    else await writeFile(options.output, text);
    return 0;
  },
};
