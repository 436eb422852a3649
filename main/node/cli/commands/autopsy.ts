// `ringscope autopsy`: why a queue hangs, as a page.
import { writeFile } from 'node:fs/promises';
import { autopsyMarkdown } from '#common/autopsy/autopsy-markdown.ts';
import type { TargetChoice } from '#common/protocol.ts';
import { shortenAddresses } from '#common/report/shorten-addresses.ts';
import { type Command, nameOption, numberOption, sessionName, UsageError } from '../command.ts';
import { deviceAddress } from '../options.ts';
import { withSession } from '../run.ts';
import { takeAutopsy } from '../take-autopsy.ts';

const longestSeconds = 60;

function targetOf(name: string | undefined): TargetChoice {
  if (name === 'lab') return { kind: 'lab' };
  if (name === 'local') return { kind: 'local', observe: true };
  throw new UsageError(`There is no target "${name}"; there are \`lab\` and \`local\``);
}

function queueOf(text: string | undefined): { kind: 'rx' | 'tx'; index: number } | null {
  if (text === undefined) return null;
  const [, kind, index] = /^(rx|tx):(\d{1,4})$/.exec(text) ?? [];
  if (kind === undefined) throw new UsageError(`--queue takes a ring such as tx:0, not "${text}"`);
  return { kind: kind as 'rx' | 'tx', index: Number(index) };
}

export const autopsy: Command = {
  name: 'autopsy',
  summary: 'why a queue hangs: the likely cause with its evidence, on one page',
  description:
    'Joins the running application’s session, or starts one and ends it again, watches the rings and vectors of a card for N seconds, reads its registers and names the likely cause: the card is gone, the link is lost, an engine is off, the tail was not written, the head has stopped, the interrupt is masked, the poll is starved. Only a driver that shows its rings (rigb) can be looked into. Nothing is changed. The window opens what --json printed.',
  options: {
    target: { argument: 'TARGET', default: 'lab', offers: ['lab', 'local'], description: '`lab`, or `local` for this machine' },
    device: { argument: 'ADDRESS', description: 'the card’s PCI address, such as 0000:01:00.0, where there are several' },
    queue: { argument: 'RING', description: 'the ring, such as tx:0 (default: the one that is stuck, else the first transmit ring)' },
    seconds: { argument: 'N', default: '3', description: `how long to watch, 1 to ${longestSeconds}` },
    addresses: { description: 'leave MAC and IP addresses in full' },
    output: { argument: 'FILE', offers: 'files', description: 'write the page there in place of standard output' },
    json: { description: 'one JSON document instead of Markdown' },
    name: nameOption,
  },
  async run({ options, switches, print, onStep, signal }) {
    const target = targetOf(options.target);
    const wanted = {
      device: deviceAddress(options.device),
      queue: queueOf(options.queue),
      seconds: numberOption('seconds', options.seconds, 1, longestSeconds),
    };
    const document = await withSession({ name: sessionName(options.name), target, onStep, signal, what: 'autopsy' }, (session) =>
      takeAutopsy({ ...session, ...wanted, kind: target.kind, onStep }),
    );
    const whole = switches.has('json') ? `${JSON.stringify(document)}\n` : autopsyMarkdown(document);
    const text = switches.has('addresses') ? whole : shortenAddresses(whole);
    if (options.output === undefined) await print(text);
    else await writeFile(options.output, text);
    return 0;
  },
};
